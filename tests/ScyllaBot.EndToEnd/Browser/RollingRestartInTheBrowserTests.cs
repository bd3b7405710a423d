using Microsoft.Playwright;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Browser;

/// <summary>The whole way as its user goes it: type the command, approve as somebody else, watch, see "done".</summary>
public sealed class RollingRestartInTheBrowserTests : IClassFixture<Bed>
{
    // What the page shows is recorded in the page: a node is down for less than the time a question from here takes.
    private const string Recorder = """
        window.seenDown = [];
        new MutationObserver(() => {
          for (const card of document.querySelectorAll('[data-testid^="node-"][data-mode]')) {
            const name = card.dataset.testid.slice('node-'.length);
            if ((card.dataset.mode !== 'NORMAL' || card.dataset.process !== 'running') && !window.seenDown.includes(name)) window.seenDown.push(name);
          }
        }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-mode', 'data-process'] });
        """;

    private static readonly string[] Zones = ["b", "c", "d"];
    private readonly Bed _bed;

    public RollingRestartInTheBrowserTests(Bed bed) => _bed = bed;

    [BrowserFact]
    public async Task A_person_restarts_nine_nodes_zone_by_zone_from_the_page()
    {
        await using var browser = await SandboxPage.OpenAsync(_bed.Sandbox.Address.Page);
        var page = browser.Page;
        await browser.BecomeAsync("mara");
        await page.GetByTestId("channel-ops").ClickAsync();
        foreach (var node in Zones.SelectMany(z => Enumerable.Range(1, 3).Select(i => NodeName(z, i))))
        {
            await Assertions.Expect(browser.Node(node)).ToHaveAttributeAsync("data-mode", "NORMAL");
        }

        await page.EvaluateAsync(Recorder);
        await page.GetByTestId("speed-60").ClickAsync();
        await page.GetByTestId("composer").ClickAsync();
        await browser.ChooseAsync("/scp ru", "run");
        await browser.PictureAsync("completion");
        await browser.ChooseAsync("rolling_rest", "rolling_restart");
        await browser.ChooseAsync("messages-st", "messages-stg");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).WaitForAsync();
        await browser.PictureAsync("plan");
        await browser.PressAsync("Start");

        await browser.BecomeAsync("kim");
        await browser.PressAsync("Approve");
        await page.GetByText("You have no role for ScyllaBot", new() { Exact = false }).First.WaitForAsync();

        await browser.BecomeAsync("jon");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).Last.WaitForAsync();
        await browser.PictureAsync("approval");
        await browser.PressAsync("Approve");

        var seen = await WatchAsync(browser);

        await page.GetByText("Succeeded", new() { Exact = false }).Last.WaitForAsync();
        await browser.PictureAsync("done");
        Assert.Equal(9, seen.Count);
        Assert.Equal(Zones, seen.Select(n => n.Split('-')[^2]).Distinct(StringComparer.Ordinal));
        await Assertions.Expect(page.GetByTestId("verdict")).ToContainTextAsync("Healthy");
        Assert.Empty(browser.Complaints);
    }

    /// <summary>Nodes in the order in which the page showed them not running or not normal, until it has shown all of them so.</summary>
    private static async Task<IReadOnlyList<string>> WatchAsync(SandboxPage browser)
    {
        var seen = Array.Empty<string>();
        var pictured = false;
        await Eventually.TrueAsync(
            async () =>
            {
                seen = await browser.Page.EvaluateAsync<string[]>("window.seenDown");
                if (seen.Length >= 5 && !pictured)
                {
                    pictured = true;
                    await browser.PictureAsync("rolling_restart");
                }

                return seen.Length == 9;
            },
            "every node to have been seen down on the page", Patience.Job, TimeSpan.FromMilliseconds(100));
        return seen;
    }

    private static string NodeName(string zone, int i) => $"scylla-messages-stg-us-east1-{zone}-{i}";
}
