using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Chat;

/// <summary>
/// Brings outbox rows to people (R14). Rows of one job go to one channel in order; a channel that fails holds up nobody else.
/// All state belongs to the loop: attempts run beside it and only hand back what they came to.
/// </summary>
/// <param name="sent">Told after a row is confirmed.</param>
/// <param name="pager">Where rows for the pager go; null when there is none.</param>
public sealed partial class OutboxDelivery(
    IJobStore store, IChat chat, TimeProvider time, IRandom random, ILogger<OutboxDelivery> log, Action<OutboxRow>? sent = null,
    Pager? pager = null)
{
    private const int Page = 200;
    private const int MostRows = 20_000;

    /// <summary>Rows written by somebody who did not wake us.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly Signal _signal = new(time);
    private readonly Dictionary<Lane, Task> _running = [];
    private readonly ConcurrentQueue<(Lane Lane, OutboxRow Row, Delivered Result)> _results = [];
    private readonly Dictionary<Lane, Pause> _pauses = [];
    private readonly Dictionary<string, DateTimeOffset> _refused = new(StringComparer.Ordinal);
    private int _readFailures;

    /// <summary>There is something new. Thread-safe.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Until cancelled; then returns when the attempts under way have ended.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var changed = _signal.Next;
                var next = await StartDueAsync(ct);
                await changed.WaitAsync(next - time.GetUtcNow(), ct);
                Harvest();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await FinishAsync();
        }
    }

    private async Task FinishAsync()
    {
        foreach (var attempt in _running.Values)
        {
            try
            {
                await attempt;
            }
            catch (OperationCanceledException)
            {
                // Unconfirmed: the next start sends it again under the same nonce.
            }
        }

        _running.Clear();
    }

    /// <summary>Begins an attempt in every lane that may; returns when to look again.</summary>
    private async Task<DateTimeOffset> StartDueAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        for (var limit = Page; ; limit *= 2)
        {
            ImmutableArray<OutboxRow> rows;
            try
            {
                rows = await store.PendingOutboxAsync(limit, ct);
                _readFailures = 0;
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                LogUnreadable(log, failed);
                return now + Backoff.After(++_readFailures, random);
            }

            // A page full of rows that must wait would hide the ones that need not.
            if (StartDue(rows, now, ct) || rows.Length < limit || limit >= MostRows)
            {
                Forget(rows, limit);
                return Next(now);
            }
        }
    }

    private bool StartDue(ImmutableArray<OutboxRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        var started = false;
        foreach (var lane in rows.GroupBy(r => new Lane(r.Job, r.Channel)))
        {
            var first = lane.FirstOrDefault(r => !(_refused.TryGetValue(r.Nonce, out var at) && at > now));
            var waits = _pauses.TryGetValue(lane.Key, out var pause) && pause.Until > now;
            if (first is not null && !waits && !_running.ContainsKey(lane.Key))
            {
                _running[lane.Key] = AttemptAsync(lane.Key, first, ct);
                started = true;
            }
        }

        return started;
    }

    private DateTimeOffset Next(DateTimeOffset now) =>
        _refused.Values.Concat(_pauses.Values.Select(p => p.Until)).Where(at => at > now).Append(now + Idle).Min();

    // Rows that somebody else confirmed leave nothing behind here.
    private void Forget(ImmutableArray<OutboxRow> rows, int limit)
    {
        if (rows.Length >= limit)
        {
            return;
        }

        var nonces = rows.Select(r => r.Nonce).ToHashSet(StringComparer.Ordinal);
        var lanes = rows.Select(r => new Lane(r.Job, r.Channel)).ToHashSet();
        foreach (var gone in _refused.Keys.Where(n => !nonces.Contains(n)).ToList())
        {
            _refused.Remove(gone);
        }

        foreach (var gone in _pauses.Keys.Where(l => !lanes.Contains(l)).ToList())
        {
            _pauses.Remove(gone);
        }
    }

    private async Task AttemptAsync(Lane lane, OutboxRow row, CancellationToken ct)
    {
        _results.Enqueue((lane, row, await OutboxAttempt.MakeAsync(store, chat, pager, time, row, ct)));
        _signal.Set();
    }

    private void Harvest()
    {
        while (_results.TryDequeue(out var done))
        {
            _running.Remove(done.Lane);
            Settle(done.Lane, done.Row, done.Result);
        }
    }

    private void Settle(Lane lane, OutboxRow row, Delivered result)
    {
        var now = time.GetUtcNow();
        switch (result)
        {
            case Delivered.Sent:
                _pauses.Remove(lane);
                _refused.Remove(row.Nonce);
                sent?.Invoke(row);
                break;
            case Delivered.Later later:
                var failures = (_pauses.GetValueOrDefault(lane)?.Failures ?? 0) + 1;
                var wait = Backoff.After(failures, random);
                _pauses[lane] = new Pause(failures, now + wait);
                LogLater(log, row.Kind, row.Job, row.Channel, wait.TotalSeconds, later.Why.Message);
                break;
            case Delivered.Refused refused:
                _pauses.Remove(lane);
                _refused[row.Nonce] = now + Backoff.Slow(random);
                LogRefused(log, refused.Why, row.Kind, row.Job, row.Channel, row.Nonce);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox can not be read")]
    private static partial void LogUnreadable(ILogger log, Exception why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Kind} of job {Job} to {Channel} failed, next in {Wait:0.0} s: {Why}")]
    private static partial void LogLater(ILogger log, string kind, JobId job, string channel, double wait, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Kind} of job {Job} to {Channel} was refused ({Nonce}); kept, tried slowly")]
    private static partial void LogRefused(ILogger log, Exception why, string kind, JobId job, string channel, string nonce);

    private readonly record struct Lane(JobId Job, string Channel);

    private sealed record Pause(int Failures, DateTimeOffset Until);
}
