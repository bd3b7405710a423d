using System.Text.RegularExpressions;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd;

/// <summary>What the README prints in a block of its own is typed as it stands, on the sandbox that the README starts.</summary>
public sealed partial class ReadmeCommandTests(Bed bed) : IClassFixture<Bed>
{
    [Fact]
    public async Task The_command_lines_of_the_README_work_as_printed()
    {
        var lines = File.ReadAllLines(RepositoryFiles.PathOf("README.md")).Where(l => l.StartsWith("/scp run ", StringComparison.Ordinal)).ToArray();
        Assert.Contains(lines, l => l.Contains("workflow:add_nodes_to_cluster ", StringComparison.Ordinal));
        foreach (var line in lines)
        {
            await RunAsync(line);
        }
    }

    private async Task RunAsync(string line)
    {
        var plan = await bed.Mara.AskAsync("run", [.. Option().Matches(line["/scp run ".Length..]).Select(m => (m.Groups["name"].Value, m.Groups["value"].Value))]);
        Assert.True(plan.Button("Start") is not null, $"{line} gives no plan but: {plan.Text}");
        var before = (await bed.Jon.MessagesAsync(CancellationToken.None)).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        await bed.Mara.PressedAsync(plan, "Start");
        await bed.Jon.PressAsync("Approve", m => !before.Contains(m.Id), Patience.Answer, CancellationToken.None);

        var end = await bed.Mara.WaitAsync(
            m => !before.Contains(m.Id) && (m.Fields.Any(f => f.Name == "Took") || m.Button("Retry") is not null), "the end", Patience.Job, CancellationToken.None);

        Assert.Contains("Succeeded", end.Text, StringComparison.Ordinal);
        var verdict = await bed.Scene.VerdictAsync(Bed.Cluster, CancellationToken.None);
        Assert.True(verdict.GetProperty("healthy").GetBoolean(), verdict.ToString());
        Assert.False(verdict.GetProperty("quorum_ever_lost").GetBoolean(), verdict.ToString());
    }

    [GeneratedRegex(@"(?<name>[a-z_]+):(?<value>.*?)(?=\s+[a-z_]+:|\s*$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Option();
}
