using System.Collections.Immutable;
using System.Text.Json;
using ScyllaBot.Core.Jobs;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Sqlite;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>Holds the sandbox's own account of what happened against the journals, after the last bot has ended.</summary>
internal sealed class SweepJudge
{
    private readonly List<string> _complaints = [];

    public IReadOnlyList<string> Complaints => _complaints;

    public string Summary { get; private set; } = "";

    public static async Task<SweepJudge> ReadAsync(SandboxUnderTest sandbox, string database, IReadOnlyCollection<string> rang, IReadOnlyList<string> jobs)
    {
        var judge = new SweepJudge();
        var verdict = await sandbox.GetAsync($"/oracle/verdict?cluster={Bed.Cluster}");
        judge.Verdict(verdict);
        var effects = await sandbox.EffectsAsync(Bed.Cluster);
        await using var store = await SqliteJobStore.OpenAsync(database, CancellationToken.None);
        var halts = 0;
        foreach (var job in jobs)
        {
            var journal = (await store.ReadAsync(StreamId.Of(new JobId(job)), 0, CancellationToken.None)).ToArray();
            judge.End(job, journal);
            judge.Effects(job, journal, effects);
            judge.Pings(job, journal, rang);
            halts += journal.Count(e => e.Event is Halted);
        }

        judge._complaints.AddRange((await store.CompareAsync(CancellationToken.None)).Select(l => $"a row does not follow from the journal: {l}"));
        judge.Summary = $"{jobs.Count} jobs, {effects.Count} effects ({string.Join(", ", effects.GroupBy(e => e.Kind).Select(g => $"{g.Count()} {g.Key}"))}), {halts} halts, most nodes down at once {verdict.GetProperty("max_down")}, "
            + $"probes {verdict.GetProperty("probes")}";
        return judge;
    }

    private void Verdict(JsonElement verdict)
    {
        Complain(verdict.GetProperty("quorum_ever_lost").GetBoolean(), $"a range lost its quorum: {verdict.GetProperty("violations")}");
        Complain(verdict.GetProperty("two_zones_ever").GetBoolean(), "two zones were down at once");
        Complain(!verdict.GetProperty("healthy").GetBoolean(), $"not healthy at the end: {verdict.GetProperty("why")}");
    }

    private void End(string job, JournalEntry[] journal) => Complain(
        journal.LastOrDefault()?.Event is not Ended { Outcome: JobOutcome.Succeeded }, $"{job} did not end well: {journal.LastOrDefault()?.Event}");

    /// <summary>Nothing of a step happens to a node after the step's success; what a rolling restart does to a node it does once.</summary>
    private void Effects(string job, JournalEntry[] journal, IReadOnlyList<NodeEffect> all)
    {
        var mine = all.Where(e => e.Step?.StartsWith(job + "/", StringComparison.Ordinal) == true).ToArray();
        foreach (var (succeeded, at) in journal.Select(e => e.Event).OfType<StepSucceeded>().Where(s => s.Key.Node is not null).Select(s => (s.Key, s.At)))
        {
            var late = mine.Where(e => e.Node == succeeded.Node && e.Step!.StartsWith($"{job}/{succeeded.Path}/", StringComparison.Ordinal) && e.At > at);
            _complaints.AddRange(late.Select(e => $"{e} after {succeeded} had succeeded at {at:O}"));
        }

        foreach (var (node, kind, times) in mine.GroupBy(e => (e.Node, e.Kind)).Select(g => (g.Key.Node, g.Key.Kind, g.Count())))
        {
            Complain(times > 1 && kind is "drain" or "stop", $"{job}: {kind} of {node} happened {times} times");
        }

        var restarted = mine.Where(e => e.Kind == "start").Select(e => e.Node).Distinct(StringComparer.Ordinal).Count();
        Complain(restarted != 9, $"{job}: {restarted} of 9 nodes were started");
    }

    /// <summary>One message rings for each halt, and one for each time that nobody had acknowledged it for long (R7). Nothing else rings.</summary>
    private void Pings(string job, JournalEntry[] journal, IReadOnlyCollection<string> footers)
    {
        var rang = footers.Where(f => f.StartsWith(job, StringComparison.Ordinal)).Select(f => f.Split(' ')[^1]).Order(StringComparer.Ordinal).ToImmutableArray();
        var halts = journal.Where(e => e.Event is Halted or HaltCalled).Select(e => $"{job}{e.Sequence:x}.0").Order(StringComparer.Ordinal).ToImmutableArray();
        Complain(!rang.SequenceEqual(halts, StringComparer.Ordinal), $"{job}: halts and calls {string.Join(' ', halts)}, but pings {string.Join(' ', rang)}");
    }

    private void Complain(bool isWrong, string what)
    {
        if (isWrong)
        {
            _complaints.Add(what);
        }
    }
}
