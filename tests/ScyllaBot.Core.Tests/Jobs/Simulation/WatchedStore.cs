using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>A store that remembers the order of things and can take the whole host with it at a chosen append.</summary>
internal sealed class WatchedStore(InMemoryJobStore first, List<object> history) : IJobStore
{
    public InMemoryJobStore Inner { get; private set; } = first;

    /// <summary>The journal as another version would have written it.</summary>
    public void Replace(JobId job, ImmutableArray<JobEvent> journal)
    {
        Inner = new InMemoryJobStore();
        _ = Inner.AppendAsync(StreamId.Of(job), 0, 0, [.. journal], [], CancellationToken.None).Result;
    }

    /// <summary>Another disk: an empty one, or a copy of an earlier moment.</summary>
    public void Restore(InMemoryJobStore other) => Inner = other;

    /// <summary>Its journal holds what only a newer version knows.</summary>
    public JobId? Unreadable { get; set; }

    /// <summary>Appends that became durable.</summary>
    public int Appends { get; private set; }

    /// <summary>The host dies the moment this many appends are durable, before it hears of the last.</summary>
    public int? DiesAt { get; set; }

    /// <summary>Told of what is about to be written.</summary>
    public Action<ImmutableArray<JournalEvent>> Appending { get; set; } = _ => { };

    public bool HasDied { get; private set; }

    public void Revive() => (DiesAt, HasDied) = (null, false);

    public async Task<AppendOutcome> AppendAsync(
        StreamId stream, long expectedSequence, long leaseEpoch, ImmutableArray<JournalEvent> events,
        ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct)
    {
        Appending(events);
        var outcome = await Inner.AppendAsync(stream, expectedSequence, leaseEpoch, events, outbox, ct);
        if (outcome is AppendOutcome.Appended)
        {
            history.AddRange(events);
            if (++Appends == DiesAt)
            {
                HasDied = true;
                await new TaskCompletionSource().Task;
            }
        }

        return outcome;
    }

    public Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct) => Unreadable is { } job && stream == StreamId.Of(job)
        ? throw new UnreadableEventException("the journal holds an event 'teleported' that this version does not know") : Inner.ReadAsync(stream, afterSequence, ct);

    public Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct) => Inner.ListJobsAsync(filter, ct);

    public Task<JobId?> FindByRequestAsync(string requestId, CancellationToken ct) => Inner.FindByRequestAsync(requestId, ct);

    public Task<Lease?> LeaseAsync(string cluster, CancellationToken ct) => Inner.LeaseAsync(cluster, ct);

    public Task<ImmutableArray<Debt>> DebtsAsync(DebtFilter filter, CancellationToken ct) => Inner.DebtsAsync(filter, ct);

    public Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct) => Inner.PendingOutboxAsync(limit, ct);

    public Task<ImmutableArray<OutboxRow>> OutboxAsync(JobId job, CancellationToken ct) => Inner.OutboxAsync(job, ct);

    public Task OutboxTriedAsync(OutboxRow row, DateTimeOffset at, CancellationToken ct) => Inner.OutboxTriedAsync(row, at, ct);

    public Task OutboxSentAsync(OutboxRow row, string message, CancellationToken ct) => Inner.OutboxSentAsync(row, message, ct);

    public Task<string?> ReadNoteAsync(string key, CancellationToken ct) => Inner.ReadNoteAsync(key, ct);

    public Task WriteNoteAsync(string key, string? value, CancellationToken ct) => Inner.WriteNoteAsync(key, value, ct);
}
