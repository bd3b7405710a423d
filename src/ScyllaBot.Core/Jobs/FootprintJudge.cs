using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Scylla.Topology;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Tells what this database has written itself from what it does not know (R13). Epochs only grow, so everything below its lease's epoch is history,
/// and at that epoch whatever a free lease left. While a job holds it, the job's journal decides: the start of a step is durable before its command.
/// </summary>
internal sealed class FootprintJudge(JobPorts ports, Lease? lease)
{
    private const int LongestId = 40;
    private readonly SortedDictionary<string, ImmutableArray<JournalEvent>> _journals = new(StringComparer.Ordinal);

    public long Known => lease?.Epoch ?? 0;

    /// <summary>Jobs that this database does not know.</summary>
    public ImmutableArray<string> Strangers => [.. _journals.Keys.Where(IsStranger)];

    /// <summary>Reads the journals of every job that is named there and matters.</summary>
    public async Task LoadAsync(IEnumerable<NodeFootprints> found, IEnumerable<string> beside, CancellationToken ct)
    {
        var named = found.SelectMany(f => f.Receipts.Append(f.Last)).OfType<LeftReceipt>().Where(r => r.Epoch >= Known).Select(r => r.Job).OfType<string>();
        foreach (var job in named.Concat(beside).Where(j => j.Length is > 0 and <= LongestId && j.All(char.IsAsciiLetterOrDigit)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            try
            {
                _journals[job] = [.. (await ports.Store.ReadAsync(StreamId.Of(new JobId(job)), 0, ct)).Select(e => e.Event)];
            }
            catch (UnreadableEventException)
            {
                // A newer version's: the job is stuck and says so itself. Nothing is judged by what can not be read.
            }
        }
    }

    /// <summary>Left by a job that this database does not know and nobody has acknowledged.</summary>
    public bool IsStranger(string job) => _journals.TryGetValue(job, out var journal) && journal.IsEmpty && !ports.Fleet.KnownOfOthers.Contains(job);

    /// <summary>Nothing where nobody was ahead; otherwise what stands on every node.</summary>
    public IEnumerable<string> Lines(ImmutableArray<(string Node, NodeFootprints Found)> told)
    {
        var ahead = told.Where(t => t.Found.Epoch > Known).GroupBy(t => t.Found.Epoch).OrderByDescending(g => g.Key).ToArray();
        var open = told.SelectMany(t => t.Found.Receipts.Where(r => r.IsOpen && IsNewer(t.Node, r)).Select(r => (t.Node, Receipt: r))).ToArray();
        var last = told.Where(t => t.Found.Last is { } r && IsNewer(t.Node, r)).ToArray();
        if (ahead.Length == 0 && open.Length == 0 && last.Length == 0)
        {
            return [];
        }

        return
        [
            .. ahead.Select(g => $"lease epoch {g.Key} on {string.Join(", ", g.Select(t => t.Node))} (this database: {Known})"),
            .. told.Where(t => !t.Found.ScyllaRuns && t.Found.Epoch > 0).Select(t => $"Scylla does not run on {t.Node} ({t.Found.Scylla})"),
            .. told.SelectMany(t => t.Found.Timers.Take(3).Select(timer => $"{timer} waits on {t.Node}")),
            .. told.SelectMany(t => t.Found.Receipts.Where(r => r.Epoch > Known && Kept(r) is not null).Select(r => $"job {r.Job} may not have put back {Kept(r)} (its memory lies on {t.Node})")),
            .. open.Select(o => $"on {o.Node} {(o.Receipt.How == "running" ? "runs" : "began and never ended")} {o.Receipt}"),
            .. last.Where(t => open.All(o => o.Node != t.Node)).Select(t => $"{t.Node}: last {t.Found.Last} at {t.Found.Last!.How}"),
        ];
    }

    private bool IsNewer(string node, LeftReceipt receipt)
    {
        if (receipt.Epoch != Known)
        {
            return receipt.Epoch > Known;
        }

        // A free lease of this epoch was given up in this database: whatever ran under it did so before.
        if (lease?.Job is null || receipt.Job is not { } job || !_journals.TryGetValue(job, out var journal))
        {
            return false;
        }

        return journal.IsEmpty ? IsStranger(job) : receipt.Place is var (path, attempt) && IsOfWorkflow(path) && !journal.OfType<StepStarted>()
            .Any(s => s.Key.Path == path && (s.Key.Node is null || s.Key.Node == (receipt.For ?? node)) && s.Attempt >= attempt);
    }

    /// <summary>What a job remembers the former state of until it has put it back, such as tablet balancing (R26).</summary>
    private static string? Kept(LeftReceipt receipt) => receipt.Name.IndexOf(FoundValue.Infix, StringComparison.Ordinal) is var at and > 0
        ? receipt.Name[(at + FoundValue.Infix.Length)..] : null;

    /// <summary>Steps of the workflow are journalled under the names that receipts bear; other places are not all.</summary>
    private static bool IsOfWorkflow(string path) => path.Length > 0 && (char.IsAsciiDigit(path[0]) || path[0] == 'a');
}
