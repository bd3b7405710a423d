using System.Text.RegularExpressions;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd;

/// <summary><c>ScyllaBot demo</c> as a newcomer runs it: a process, its output, its exit code.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly Scratch _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Plays_to_the_end_and_logs_what_the_snapshot_says()
    {
        await using var demo = BuiltProgram.Start("ScyllaBot", _files.Folder, "demo", "--seed", "1");

        var exit = await demo.ExitAsync(Patience.Job);

        Assert.True(exit == 0, $"exit code {exit}\n{demo.Output}\n{demo.Errors}");
        Snapshot.Match("demo", StepLog.Of(demo.Output));
    }

    [Fact]
    public async Task Fails_and_says_why_when_our_own_judgement_is_broken()
    {
        await using var demo = BuiltProgram.Start("ScyllaBot", _files.Folder, "demo", "--break", "quorum");

        var exit = await demo.ExitAsync(Patience.Job);

        Assert.Equal(1, exit);
        Assert.Contains("a range ever lost its quorum: yes", demo.Output);
    }
}

/// <summary>The step log of a run, with what differs from run to run masked.</summary>
internal static partial class StepLog
{
    /// <summary>Log lines only, in the order they were printed.</summary>
    public static string Of(string output) =>
        string.Join('\n', InOrder(output.Split('\n').Where(l => Stamp().IsMatch(l)).Select(Masked).ToArray()));

    // Conditions of one wait are checked at the same time, so the order in which they pass is not a promise: neighbours are sorted.
    private static IEnumerable<string> InOrder(string[] lines)
    {
        for (var i = 0; i < lines.Length;)
        {
            var end = i;
            while (end < lines.Length && Passed().IsMatch(lines[end]))
            {
                end++;
            }

            end = Math.Max(end, i + 1);
            foreach (var line in lines[i..end].Order(StringComparer.Ordinal))
            {
                yield return line;
            }

            i = end;
        }
    }

    private static string Masked(string line) =>
        Id().Replace(Duration().Replace(Stamp().Replace(line, "<time>"), "duration=<duration>"), "<id>");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z", RegexOptions.None, 1000)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"duration=[0-9.]+m?s", RegexOptions.None, 1000)]
    private static partial Regex Duration();

    // Job ids, the process ids of a journal's lines, and what a node happened to be busy with.
    [GeneratedRegex(@"\b[0-9A-HJKMNP-TV-Z]{14}\b|(?<=\[)[0-9]+(?=\]:)|(?<=Baseline [\w-]+: )[0-9.]+", RegexOptions.None, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"Condition passed +duration=<duration>$", RegexOptions.None, 1000)]
    private static partial Regex Passed();
}
