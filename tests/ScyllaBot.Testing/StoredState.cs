using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Testing;

/// <summary>Everything a store keeps, as one value: a copy is a snapshot of the disk.</summary>
internal sealed partial record StoredState(
    ImmutableList<JournalEntry> Journal,
    ImmutableDictionary<StreamId, ImmutableList<JournalEntry>> Streams,
    ImmutableSortedDictionary<JobId, Job> Jobs,
    ImmutableSortedDictionary<string, JobId> Requests,
    ImmutableSortedDictionary<string, Lease> Leases,
    ImmutableList<OutboxRow> Outbox,
    ImmutableSortedDictionary<string, string> Notes,
    ImmutableSortedDictionary<string, Debt> Debts) : IStoredFacts
{
    public static readonly StoredState Empty = new(
        [], ImmutableDictionary<StreamId, ImmutableList<JournalEntry>>.Empty, ImmutableSortedDictionary<JobId, Job>.Empty,
        Named<JobId>(), Named<Lease>(), [], Named<string>(), Named<Debt>());

    public ImmutableList<JournalEntry> Stream(StreamId stream) => Streams.GetValueOrDefault(stream) ?? [];

    public long LastSequence(StreamId stream) => Stream(stream) is { IsEmpty: false } journal ? journal[^1].Sequence : 0;

    public Job? Job(JobId id) => Jobs.GetValueOrDefault(id);

    public Lease? Lease(string cluster) => Leases.GetValueOrDefault(cluster);

    public IEnumerable<Lease> HeldLeases() => Leases.Values.Where(l => l.Job is not null);

    public JobId? ByRequest(string requestId) => Requests.TryGetValue(requestId, out var id) ? id : null;

    public StoredState With(AppendRequest ask, Verdict verdict)
    {
        var entries = ask.Events.Select((e, i) => new JournalEntry(ask.Stream, verdict.FirstSequence + i, e)).ToImmutableArray();
        var stream = Stream(ask.Stream).AddRange(entries);
        var next = this with
        {
            Journal = Journal.AddRange(entries), Streams = Streams.SetItem(ask.Stream, stream), Debts = With(verdict.Debts),
            Outbox = Outbox.AddRange(ask.Rows(verdict.Change?.After.Id, verdict.FirstSequence)),
            Leases = verdict.Lease is { } lease ? Leases.SetItem(lease.Cluster, lease) : Leases,
        };
        if (verdict.Change is not { After: var job })
        {
            return next;
        }

        return next with
        {
            Jobs = Jobs.SetItem(job.Id, job),
            Requests = Requests.SetItem(job.Birth.RequestId, job.Id),
        };
    }

    private ImmutableSortedDictionary<string, Debt> With(DebtChange change)
    {
        var debts = Debts.AddRange(change.Opened.Select(d => KeyValuePair.Create(d.Id, d)));
        foreach (var paid in change.Paid.Where(p => debts.GetValueOrDefault(p.Id) is { IsOpen: true }))
        {
            debts = debts.SetItem(paid.Id, debts[paid.Id] with { Payment = paid });
        }

        foreach (var (id, at) in change.Told.Where(t => debts.GetValueOrDefault(t.Id) is { Told: null }))
        {
            debts = debts.SetItem(id, debts[id] with { Told = at });
        }

        return debts;
    }

    public StoredState WithRow(OutboxRow row, Func<OutboxRow, OutboxRow> change)
    {
        var at = Outbox.FindIndex(r => r.Job == row.Job && r.Sequence == row.Sequence && r.Index == row.Index);
        return at < 0
            ? throw new ArgumentException($"there is no outbox row {row.Nonce}", nameof(row))
            : this with { Outbox = Outbox.SetItem(at, change(Outbox[at])) };
    }

    private static ImmutableSortedDictionary<string, T> Named<T>() =>
        ImmutableSortedDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal);
}
