using System.Globalization;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Tests.Clusters.BruteForce;

/// <summary>
/// The availability engine against a brute force over random small rings. SCYLLABOT_RINGS=100000 for the full run (default 4000),
/// SCYLLABOT_RING=17 for one of them alone. What was met stands in <c>availability-rings.txt</c> in the folder SCYLLABOT_RECORDS, or beside the tests.
/// </summary>
public sealed class RingSweepTests
{
    private const int DefaultRings = 4000;

    [Fact]
    public void R22_the_engine_answers_as_a_walk_over_every_token_does()
    {
        var failed = new List<string>();
        var met = new SortedSet<string>(StringComparer.Ordinal);
        var (rings, asked, safe) = (0, 0L, 0L);
        foreach (var seed in Seeds())
        {
            try
            {
                var questions = new RingQuestions(seed);
                questions.Ask();
                (rings, asked, safe) = (rings + 1, asked + questions.Asked, safe + questions.Safe);
                met.UnionWith(questions.Met);
            }
            catch (InvalidOperationException different)
            {
                failed.Add(different.Message);
            }
        }

        Record($"availability against a brute force: {rings} rings, {asked} sets of nodes judged, {safe} of them safe; {failed.Count} rings differ\nmet: {string.Join(", ", met)}\n");
        Assert.True(failed.Count == 0, $"{failed.Count} rings differ; SCYLLABOT_RING=n asks one alone\n{string.Join('\n', failed.Take(5))}");

        // A sweep that meets nothing proves nothing.
        if (rings >= DefaultRings)
        {
            Assert.Empty(Enum.GetValues<ConsistencyLevel>().Select(l => l.Cql()).Concat(Enum.GetNames<Placement>()).Concat(["raft", "pending"]).Except(met));
            Assert.InRange(safe, asked / 50, asked - (asked / 50));
        }
    }

    private static IEnumerable<int> Seeds() => Environment.GetEnvironmentVariable("SCYLLABOT_RING") is { } one
        ? [int.Parse(one, CultureInfo.InvariantCulture)]
        : Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("SCYLLABOT_RINGS") ?? $"{DefaultRings}", CultureInfo.InvariantCulture));

    private static void Record(string text)
    {
        var folder = Environment.GetEnvironmentVariable("SCYLLABOT_RECORDS") is { Length: > 0 } given ? given : AppContext.BaseDirectory;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "availability-rings.txt"), text);
    }
}
