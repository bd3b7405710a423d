using Microsoft.Playwright;

namespace ScyllaBot.EndToEnd.Browser;

/// <summary>The sandbox's page in headless Chromium, used as a person does: by what is on it.</summary>
internal sealed class SandboxPage : IAsyncDisposable
{
    // No background traffic: the machine has no network, and the page needs none.
    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private SandboxPage(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    /// <summary>What the browser complained about: scripts that threw, things that could not be loaded.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<SandboxPage> OpenAsync(Uri address)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Headless = true, Args = Flags });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var opened = new SandboxPage(playwright, browser, page);
        page.PageError += (_, error) => opened.Complaints.Add(error);
        page.Console += (_, line) =>
        {
            if (line.Type == "error")
            {
                opened.Complaints.Add(line.Text);
            }
        };
        page.SetDefaultTimeout((float)Support.Patience.Answer.TotalMilliseconds);
        await page.GotoAsync(address.ToString());
        return opened;
    }

    public ILocator Node(string name) => Page.GetByTestId($"node-{name}");

    public Task BecomeAsync(string user) => Page.GetByTestId($"user-{user}").ClickAsync();

    /// <summary>Types on where the caret is, as a person does, and takes with Tab what completion then offers first.</summary>
    /// <param name="typed">Some of the word.</param>
    /// <param name="offered">What the first suggestion must say before it is taken.</param>
    public async Task ChooseAsync(string typed, string offered)
    {
        await Page.Keyboard.TypeAsync(typed, new() { Delay = 20 });
        await Assertions.Expect(Page.GetByTestId("suggestion").First).ToContainTextAsync(offered);
        await Page.Keyboard.PressAsync("Tab");
    }

    public Task PressAsync(string label) => Page.GetByRole(AriaRole.Button, new() { Name = label, Exact = true }).Last.ClickAsync();

    /// <summary>Kept in docs/pictures when SCYLLABOT_PICTURES names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("SCYLLABOT_PICTURES") ?? Path.Combine(AppContext.BaseDirectory, "pictures");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
