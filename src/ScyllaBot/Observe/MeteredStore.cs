using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Observe;

/// <summary>A store whose appends are timed, as the one who waits for them sees it.</summary>
internal sealed class MeteredStore(IJobStore store, BotMeters meters, TimeProvider time) : IJobStore
{
    public async Task<AppendOutcome> AppendAsync(
        StreamId stream, long expectedSequence, long leaseEpoch, ImmutableArray<JournalEvent> events,
        ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        AppendOutcome? outcome = null;
        try
        {
            return outcome = await store.AppendAsync(stream, expectedSequence, leaseEpoch, events, outbox, ct);
        }
        finally
        {
            meters.Appended(time.GetElapsedTime(began), outcome);
        }
    }

    public Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct) => store.ReadAsync(stream, afterSequence, ct);

    public Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct) => store.ListJobsAsync(filter, ct);

    public Task<JobId?> FindByRequestAsync(string requestId, CancellationToken ct) => store.FindByRequestAsync(requestId, ct);

    public Task<Lease?> LeaseAsync(string cluster, CancellationToken ct) => store.LeaseAsync(cluster, ct);

    public Task<ImmutableArray<Debt>> DebtsAsync(DebtFilter filter, CancellationToken ct) => store.DebtsAsync(filter, ct);

    public Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct) => store.PendingOutboxAsync(limit, ct);

    public Task<ImmutableArray<OutboxRow>> OutboxAsync(JobId job, CancellationToken ct) => store.OutboxAsync(job, ct);

    public Task OutboxTriedAsync(OutboxRow row, DateTimeOffset at, CancellationToken ct) => store.OutboxTriedAsync(row, at, ct);

    public Task OutboxSentAsync(OutboxRow row, string message, CancellationToken ct) => store.OutboxSentAsync(row, message, ct);

    public Task<string?> ReadNoteAsync(string key, CancellationToken ct) => store.ReadNoteAsync(key, ct);

    public Task WriteNoteAsync(string key, string? value, CancellationToken ct) => store.WriteNoteAsync(key, value, ct);
}
