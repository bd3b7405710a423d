using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Tests.Observe;

/// <summary>A store that hands everything on, for tests to break a call of.</summary>
internal class NotedStore(IJobStore store) : IJobStore
{
    public virtual Task<AppendOutcome> AppendAsync(
        StreamId stream, long expectedSequence, long leaseEpoch, ImmutableArray<JournalEvent> events, ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct) =>
        store.AppendAsync(stream, expectedSequence, leaseEpoch, events, outbox, ct);

    public virtual Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct) => store.ReadAsync(stream, afterSequence, ct);

    public virtual Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct) => store.ListJobsAsync(filter, ct);

    public virtual Task<JobId?> FindByRequestAsync(string requestId, CancellationToken ct) => store.FindByRequestAsync(requestId, ct);

    public virtual Task<Lease?> LeaseAsync(string cluster, CancellationToken ct) => store.LeaseAsync(cluster, ct);

    public virtual Task<ImmutableArray<Debt>> DebtsAsync(DebtFilter filter, CancellationToken ct) => store.DebtsAsync(filter, ct);

    public virtual Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct) => store.PendingOutboxAsync(limit, ct);

    public virtual Task<ImmutableArray<OutboxRow>> OutboxAsync(JobId job, CancellationToken ct) => store.OutboxAsync(job, ct);

    public virtual Task OutboxTriedAsync(OutboxRow row, DateTimeOffset at, CancellationToken ct) => store.OutboxTriedAsync(row, at, ct);

    public virtual Task OutboxSentAsync(OutboxRow row, string message, CancellationToken ct) => store.OutboxSentAsync(row, message, ct);

    public virtual Task<string?> ReadNoteAsync(string key, CancellationToken ct) => store.ReadNoteAsync(key, ct);

    public virtual Task WriteNoteAsync(string key, string? value, CancellationToken ct) => store.WriteNoteAsync(key, value, ct);
}
