using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>
/// Keeps the cards of all open jobs true: at most one edit per 3 s and job, the latest state wins and the final one is always
/// written. Takes a job's log lines to the thread below its card. Nothing that fails here reaches a job.
/// </summary>
/// <param name="live">What a job is doing now; null when there is no such job.</param>
/// <param name="time">The chat's own: real.</param>
/// <param name="sandbox">The cards say so.</param>
/// <param name="engineTime">What the journal's times are measured by, where that runs faster than the chat.</param>
public sealed class CardWriter(
    IJobStore store, IChat chat, TimeProvider time, IRandom random, Func<JobId, Task<LiveJob?>> live, bool sandbox, ILogger<CardWriter> log,
    TimeProvider? engineTime = null)
    : ILogSink
{
    /// <summary>Jobs whose final state may not be on their card yet, even after we were killed.</summary>
    private const string UnfinishedNote = "cards/unfinished";

    private const int MostOpenJobs = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, LiveCard> _cards = [];
    private readonly Dictionary<JobId, Task> _running = [];
    private readonly ConcurrentQueue<(JobId Job, LiveCard Card)> _ended = [];
    private readonly CardPorts _ports = new(store, chat, time, engineTime ?? time, random, live, sandbox, log);
    private readonly Signal _signal = new(time);
    private string? _noted;
    private int _failures;
    private bool _hasResumed;

    /// <summary>The job's card is to be drawn again. Thread-safe and quick; call it after every event and every look of a wait.</summary>
    public void Changed(JobId job) => Tell(job, card => card.Changed());

    /// <summary>Thread-safe.</summary>
    public void Write(LogLine line)
    {
        if (line.Job.Length > 0)
        {
            Tell(new JobId(line.Job), card => card.Add(line));
        }
    }

    /// <summary>Until cancelled. Begins with the cards of open jobs and of those that ended unseen.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var changed = _signal.Next;
                var isQuiet = await ResumeAsync(ct);
                StartNew(ct);
                isQuiet = await NoteAsync(ct) && isQuiet;
                _failures = isQuiet ? 0 : _failures + 1;
                await changed.WaitAsync(isQuiet ? TimeSpan.FromHours(1) : Backoff.After(_failures, random), ct);
                Harvest();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            foreach (var work in _running.Values)
            {
                try
                {
                    await work;
                }
                catch (OperationCanceledException)
                {
                    // Drawn again at the next start.
                }
            }
        }
    }

    // Under the lock, so that a card is never told after it was found to have nothing left to do.
    private void Tell(JobId job, Action<LiveCard> what)
    {
        lock (_lock)
        {
            if (!_cards.TryGetValue(job, out var card))
            {
                _cards[job] = card = new LiveCard(job, _ports);
                _signal.Set();
            }

            what(card);
        }
    }

    private async Task<bool> ResumeAsync(CancellationToken ct)
    {
        if (_hasResumed)
        {
            return true;
        }

        try
        {
            _noted = await store.ReadNoteAsync(UnfinishedNote, ct) ?? "";
            var unfinished = _noted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => new JobId(id));
            var open = (await store.ListJobsAsync(new JobFilter(OpenOnly: true, Limit: MostOpenJobs), ct)).Select(j => j.Id);
            foreach (var job in open.Union(unfinished))
            {
                Changed(job);
            }

            return _hasResumed = true;
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            CardLog.NoteFailed(log, failed);
            return false;
        }
    }

    private void StartNew(CancellationToken ct)
    {
        List<KeyValuePair<JobId, LiveCard>> idle;
        lock (_lock)
        {
            idle = [.. _cards.Where(c => !_running.ContainsKey(c.Key))];
        }

        foreach (var (job, card) in idle)
        {
            _running[job] = KeepAsync(job, card, ct);
        }
    }

    private async Task<bool> NoteAsync(CancellationToken ct)
    {
        var now = string.Join(' ', _running.Keys.Order().Select(j => j.Value));
        if (!_hasResumed || string.Equals(now, _noted, StringComparison.Ordinal))
        {
            return _hasResumed;
        }

        try
        {
            await store.WriteNoteAsync(UnfinishedNote, now, ct);
            _noted = now;
            return true;
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            CardLog.NoteFailed(log, failed);
            return false;
        }
    }

    private async Task KeepAsync(JobId job, LiveCard card, CancellationToken ct)
    {
        try
        {
            await card.RunAsync(ct);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            // A mistake of ours, not the chat's: not again at once.
            CardLog.CardFailed(log, failed, job, 1);
            await Task.Delay(TimeSpan.FromMinutes(1), time, ct);
        }

        _ended.Enqueue((job, card));
        _signal.Set();
    }

    private void Harvest()
    {
        while (_ended.TryDequeue(out var ended))
        {
            _running.Remove(ended.Job);
            lock (_lock)
            {
                // What came after its last look keeps it: it is started again.
                if (!ended.Card.HasWork)
                {
                    _cards.Remove(ended.Job);
                }
            }
        }
    }
}
