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
    public async Task Stopped_in_the_middle_it_ends_quietly()
    {
        await using var demo = BuiltProgram.Start("ScyllaBot", _files.Folder, "demo");
        await demo.FirstLine;

        using var signal = System.Diagnostics.Process.Start("kill", ["-INT", $"{demo.Id}"]);
        var exit = await demo.ExitAsync(Patience.Start);

        Assert.True(exit == 130, $"exit code {exit}\n{demo.Output}\n{demo.Errors}");
        Assert.Contains("The demo was stopped", demo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", demo.Output + demo.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_log_that_took_a_proof_twice_the_snapshot_is_the_same_and_of_one_that_did_a_step_twice_it_is_not()
    {
        const string at = "2026-01-01 00:00:00.000Z [n] ";
        const string proof = $"{at}Condition Check (Safe): Start\n{at}Condition Check (Safe): Condition passed   duration=1.0s\n{at}All conditions passed\n";
        const string baseline = $"{at}Baseline compactions: 3\n";
        const string drain = $"{at}Drain: Start\n";

        Assert.Equal(StepLog.Of(proof + baseline + drain), StepLog.Of(proof + baseline + proof + drain));
        Assert.NotEqual(StepLog.Of(proof + drain), StepLog.Of(drain));
        Assert.NotEqual(StepLog.Of(proof + drain + proof + drain), StepLog.Of(proof + drain));
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
        string.Join('\n', InOrder(OneLook(output.Split('\n').Where(l => Stamp().IsMatch(l)).Select(Masked)).ToArray()));

    // How often something is looked at before a step is not a promise: on a slow machine a proof is older than R15's five seconds (here 83 ms) and is taken anew.
    private static IEnumerable<string> OneLook(IEnumerable<string> lines)
    {
        var looks = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (!Look().IsMatch(line))
            {
                looks.Clear();
                yield return line;
            }
            else if (looks.Add(line))
            {
                yield return line;
            }
        }
    }

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

    [GeneratedRegex(@"\] (Condition Check \(.*\): (Start|Condition passed +duration=<duration>)|All conditions passed|Baseline [\w-]+: <id>)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Look();

    [GeneratedRegex(@"Condition passed +duration=<duration>$", RegexOptions.None, 1000)]
    private static partial Regex Passed();
}
