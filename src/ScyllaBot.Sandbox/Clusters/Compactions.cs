namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// Compaction work of one node as a function of virtual time: a busy baseline that is never zero, and after each start a burst that
/// decays over 20 to 60 s. Restart and compaction numbers are all that conditions can compare with, so both must move.
/// </summary>
internal sealed class Compactions(Dice dice, string node)
{
    private const double TickSeconds = 5;
    private const int MaxRunning = 8;

    private DateTimeOffset? _burstAt;
    private TimeSpan _burstLength;
    private int _burst;
    private DateTimeOffset? _stuckFrom;
    private DateTimeOffset _stuckUntil;

    /// <summary>A start left its remains to compact.</summary>
    public void Burst(DateTimeOffset now, long generation)
    {
        _burstAt = now;
        _burst = dice.Whole($"{node}/burst/{generation}", 24, 60);
        _burstLength = dice.Between($"{node}/burst-length/{generation}", 20, 60);
        _stuckFrom = null;
    }

    /// <summary>Nothing gets done for <paramref name="length"/>; the backlog then decays as after a start.</summary>
    public void Stick(DateTimeOffset now, TimeSpan length, long generation)
    {
        Burst(now, generation);
        _stuckFrom = now;
        _stuckUntil = now + length;
    }

    public void Unstick(DateTimeOffset now)
    {
        if (Stuck(now))
        {
            _stuckUntil = now;
        }
    }

    public bool Stuck(DateTimeOffset now) => _stuckFrom is not null && now < _stuckUntil;

    /// <summary>Jobs queued.</summary>
    public int Pending(DateTimeOffset now)
    {
        var tick = (long)(now.ToUnixTimeMilliseconds() / (TickSeconds * 1000));
        return dice.Whole($"{node}/pending/{tick}", 1, 5) + (int)Math.Round(_burst * BurstShare(now));
    }

    /// <summary>Jobs running, over all shards.</summary>
    public int Running(DateTimeOffset now)
    {
        var tick = (long)(now.ToUnixTimeMilliseconds() / (TickSeconds * 1000));
        var idle = dice.Whole($"{node}/running/{tick}", 1, 2);
        return Math.Min(MaxRunning, idle + (int)Math.Ceiling(_burst * BurstShare(now) / 6));
    }

    private double BurstShare(DateTimeOffset now)
    {
        if (_burstAt is not { } at)
        {
            return 0;
        }

        if (_stuckFrom is not null)
        {
            at = _stuckUntil;
        }

        var passed = now - at;
        return passed <= TimeSpan.Zero ? 1 : Math.Max(0, 1 - (passed / _burstLength));
    }
}
