using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>Keeps one job's card true until its final state is written. Its failures stay here.</summary>
internal sealed class LiveCard(JobId job, CardPorts ports)
{
    /// <summary>Chats slow down whoever edits more often (facts/discord.md B).</summary>
    private static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(3);

    /// <summary>So that the numbers of a wait move.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int LogTriesAfterTheEnd = 5;

    private readonly Signal _signal = new(ports.Time);
    private readonly CardPlace _place = new(job, ports);
    private readonly SideMessages _sides = new(job, ports);
    private readonly ThreadLog _log = new();
    private readonly Pace _cardPace = new(ports.Time, ports.Random, LeastGap);
    private readonly Pace _logPace = new(ports.Time, ports.Random, LeastGap);
    private int _changes = 1;
    private int _drawn;
    private DateTimeOffset _refreshAt = DateTimeOffset.MaxValue;
    private string? _written;
    private string _threadName = job.Value;
    private bool _isFinished;

    /// <summary>Something came that it has not shown.</summary>
    public bool HasWork => IsDirty || !_log.IsEmpty;

    private bool IsDirty => Volatile.Read(ref _changes) != _drawn;

    /// <summary>Thread-safe.</summary>
    public void Changed()
    {
        Interlocked.Increment(ref _changes);
        _signal.Set();
    }

    /// <summary>Thread-safe.</summary>
    public void Add(LogLine line)
    {
        _log.Add(line);
        _signal.Set();
    }

    /// <summary>Until the job has ended and everything about it is written, or cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            var changed = _signal.Next;
            if (_cardPace.MayGo && (IsDirty || ports.Time.GetUtcNow() >= _refreshAt))
            {
                await BoundedAsync(DrawAsync, CardFailed, ct);
            }

            if (_logPace.MayGo && !_log.IsEmpty)
            {
                await BoundedAsync(PostLinesAsync, LinesFailed, ct);
            }

            if (_isFinished && _logPace.Failures >= LogTriesAfterTheEnd)
            {
                _log.Clear();
            }

            if (_isFinished && !HasWork)
            {
                return;
            }

            await changed.WaitAsync(NextLook() - ports.Time.GetUtcNow(), ct);
        }
    }

    private DateTimeOffset NextLook()
    {
        var card = IsDirty || _refreshAt < _cardPace.NotBefore ? _cardPace.NotBefore : _refreshAt;
        var log = _log.IsEmpty ? DateTimeOffset.MaxValue : _logPace.NotBefore;
        var longest = ports.Time.GetUtcNow() + TimeSpan.FromHours(1);
        return new[] { card, log, longest }.Min();
    }

    private async Task BoundedAsync(Func<CancellationToken, Task> work, Action<Exception> failed, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, ports.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await work(both.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            failed(e);
        }
    }

    private async Task DrawAsync(CancellationToken ct)
    {
        var changes = Volatile.Read(ref _changes);
        var live = await ports.Live(job);
        if (live is null)
        {
            (_isFinished, _drawn) = (true, changes);
            _log.Clear();
            return;
        }

        var now = ports.Time.GetUtcNow();
        _threadName = ThreadName.Of(live.Job.Birth.Title, live.Job.Cluster, job);
        if (await _place.FindAsync(ct) is null)
        {
            // Delivery calls Changed when it is out; the look every now and then is for a delivery that lives elsewhere.
            (_drawn, _refreshAt) = (changes, now + Refresh);
            _cardPace.Done();
            return;
        }

        var notice = JobCard.Render(live, ports.EngineTime.GetUtcNow(), ports.Sandbox);
        var json = NoticeJson.Write(notice);
        if (!string.Equals(json, _written, StringComparison.Ordinal))
        {
            await _place.WriteAsync(notice, ct);
            _written = json;
        }

        await _sides.UpdateAsync(live, ct);
        _isFinished = !live.Job.IsOpen;
        _refreshAt = live.Waits.Length > 0 || (live.Job.IsOpen && live.Job.Held.Count > 0) ? now + Refresh : DateTimeOffset.MaxValue;
        _drawn = changes;
        _cardPace.Done();
    }

    private async Task PostLinesAsync(CancellationToken ct)
    {
        if (await _place.FindAsync(ct) is not { } place)
        {
            _logPace.Done();
            return;
        }

        await ports.Chat.LogAsync(place, _threadName, _log.Batch(), ct);
        _log.Posted();
        _logPace.Done();
    }

    private void CardFailed(Exception why)
    {
        // Drawn again, whoever else changes it meanwhile.
        Interlocked.Increment(ref _changes);
        _cardPace.Failed();
        CardLog.CardFailed(ports.Log, why, job, _cardPace.Failures);
    }

    private void LinesFailed(Exception why)
    {
        if (why is UnrecoverableException)
        {
            _log.Refused();
        }
        else if (why is MessageGoneException)
        {
            // The next drawing finds the card gone and posts it again; the lines wait for that.
            _written = null;
            Interlocked.Increment(ref _changes);
        }

        _logPace.Failed();
        CardLog.LinesFailed(ports.Log, job, why.Message);
    }
}
