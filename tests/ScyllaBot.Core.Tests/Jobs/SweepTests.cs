using System.Globalization;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Jobs;

public sealed class SweepTests
{
    /// <summary>SCYLLABOT_SEEDS=5000 for a long night; SCYLLABOT_SEED=17 for one of them alone.</summary>
    [Fact]
    public void Whatever_goes_wrong_every_job_ends_and_no_quorum_is_lost()
    {
        var failed = new List<string>();
        var met = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var seed in Seeds())
        {
            using var run = new Misfortune(seed);
            try
            {
                run.Run();
                met.UnionWith(run.Met());
            }
            catch (Exception e)
            {
                string[] lines = [$"seed {seed}: {e.Message}", .. run.Deeds, $"{e.StackTrace}", run.Bed.Describe()];
                failed.Add(string.Join('\n', lines));
            }
        }

        // A sweep that meets nothing proves nothing.
        if (Seeds().Take(200).Count() == 200)
        {
            string[] all =
            [
                "crash", "Succeeded", "Aborted", "RetryAsked", "RestoreAsked", "NodeSkipped", "PauseReached", "StepInterrupted", "Restored", "retried",
            ];
            Assert.Empty(all.Except(met));
        }

        Assert.True(failed.Count == 0, $"{failed.Count} seeds failed; SCYLLABOT_SEED=n runs one alone\n{string.Join("\n\n", failed.Take(3))}");
    }

    [Fact]
    public void A_seed_replays_exactly()
    {
        Assert.Equal(HistoryOf(11), HistoryOf(11));
        Assert.NotEqual(HistoryOf(11), HistoryOf(12));
    }

    private static string[] HistoryOf(int seed)
    {
        using var run = new Misfortune(seed);
        run.Run();
        return [.. run.Deeds, .. run.Bed.History.Select(h => $"{h}")];
    }

    private static IEnumerable<int> Seeds() => Environment.GetEnvironmentVariable("SCYLLABOT_SEED") is { } one
        ? [int.Parse(one, CultureInfo.InvariantCulture)]
        : Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("SCYLLABOT_SEEDS") ?? "200", CultureInfo.InvariantCulture));
}
