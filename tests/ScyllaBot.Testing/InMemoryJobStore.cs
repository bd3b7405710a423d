using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Testing;

/// <summary>What goes wrong with an append.</summary>
public enum AppendFault
{
    None,

    /// <summary>The disk refused: nothing is written.</summary>
    NotWritten,

    /// <summary>Written, but the writer never hears of it.</summary>
    NotAcknowledged,
}

/// <summary>
/// A job store whose every call has completed when it returns, so that a simulation stays on its own scheduler.
/// Same answers as the durable one: both take them from <see cref="Admission"/> and <see cref="Projection"/>.
/// </summary>
public sealed class InMemoryJobStore : IJobStore, IStoreUpkeep
{
    private readonly Lock gate = new();
    private StoredState state = StoredState.Empty;

    /// <summary>Asked before every append; also the place to count them.</summary>
    public Func<StreamId, ImmutableArray<JournalEvent>, AppendFault>? OnAppend { get; set; }

    /// <summary>Everything ever appended, in order, over all streams.</summary>
    public ImmutableArray<JournalEntry> Journal
    {
        get
        {
            lock (gate)
            {
                return state.Journal.ToImmutableArray();
            }
        }
    }

    /// <summary>The next append only.</summary>
    public void FailNextAppend(AppendFault fault = AppendFault.NotWritten) => OnAppend = (_, _) =>
    {
        OnAppend = null;
        return fault;
    };

    /// <summary>What a host that starts now would find: durable state alone, without the hooks.</summary>
    public InMemoryJobStore Copy()
    {
        lock (gate)
        {
            return new InMemoryJobStore { state = state };
        }
    }

    public Task<AppendOutcome> AppendAsync(
        StreamId stream, long expectedSequence, long leaseEpoch, ImmutableArray<JournalEvent> events,
        ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct) => Do(() =>
    {
        var ask = new AppendRequest(stream, expectedSequence, leaseEpoch, events, outbox).Checked();
        var fault = OnAppend?.Invoke(stream, events) ?? AppendFault.None;
        if (fault == AppendFault.NotWritten)
        {
            throw new IOException("the store was told not to write this append");
        }

        var verdict = Admission.Judge(ask, state);
        state = verdict.IsAdmitted ? state.With(ask, verdict) : state;
        return fault == AppendFault.NotAcknowledged
            ? throw new IOException("the store was told not to acknowledge this append")
            : verdict.Outcome;
    }, ct);

    public Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct) =>
        Do(() => state.Stream(stream).Where(e => e.Sequence > afterSequence).ToImmutableArray(), ct);

    public Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct) => Do(() => state.Jobs.Values
        .Where(j => filter.Cluster is null || string.Equals(j.Cluster, filter.Cluster, StringComparison.Ordinal))
        .Where(j => !filter.OpenOnly || j.IsOpen)
        .Select(Projection.Summary)
        .OrderByDescending(j => j.Created).ThenByDescending(j => j.Id)
        .Take(filter.Limit)
        .ToImmutableArray(), ct);

    public Task<JobId?> FindByRequestAsync(string requestId, CancellationToken ct) => Do(() => state.ByRequest(requestId), ct);

    public Task<Lease?> LeaseAsync(string cluster, CancellationToken ct) => Do(() => state.Lease(cluster), ct);

    public Task<ImmutableArray<Debt>> DebtsAsync(DebtFilter filter, CancellationToken ct) => Do(() => state.Debts.Values
        .Where(d => (filter.Cluster is null || d.Cluster == filter.Cluster) && (d.IsOpen || !filter.OpenOnly))
        .OrderBy(d => d.Opened).ThenBy(d => d.Id, StringComparer.Ordinal).Take(filter.Limit).ToImmutableArray(), ct);

    public Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct) =>
        Do(() => state.Outbox.Where(r => r.Message is null).Take(limit).ToImmutableArray(), ct);

    public Task<ImmutableArray<OutboxRow>> OutboxAsync(JobId job, CancellationToken ct) =>
        Do(() => state.Outbox.Where(r => r.Job == job).OrderBy(r => r.Sequence).ThenBy(r => r.Index).ToImmutableArray(), ct);

    public Task OutboxTriedAsync(OutboxRow row, DateTimeOffset at, CancellationToken ct) =>
        Do(() => state = state.WithRow(row, now => now with { FirstTried = now.FirstTried ?? at }), ct);

    public Task OutboxSentAsync(OutboxRow row, string message, CancellationToken ct) =>
        Do(() => state = state.WithRow(row, now => now with { Message = message }), ct);

    public Task<string?> ReadNoteAsync(string key, CancellationToken ct) => Do(() => state.Notes.GetValueOrDefault(key), ct);

    public Task WriteNoteAsync(string key, string? value, CancellationToken ct) =>
        Do(() => state = state with { Notes = value is null ? state.Notes.Remove(key) : state.Notes.SetItem(key, value) }, ct);

    public Task<OutboxBacklog> BacklogAsync(CancellationToken ct) => Do(() => state.Backlog(), ct);

    public Task<ForgetOutcome> ForgetAsync(RetentionCut cut, int limit, CancellationToken ct) => Do(() =>
    {
        (state, var outcome) = state.Forget(cut, limit);
        return outcome;
    }, ct);

    private Task<T> Do<T>(Func<T> what, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(ct);
        }

        try
        {
            lock (gate)
            {
                return Task.FromResult(what());
            }
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
