using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Chat;

/// <summary>When one kind of call may be made again: not sooner than its least gap, later after failures.</summary>
internal sealed class Pace(TimeProvider time, IRandom random, TimeSpan gap)
{
    public DateTimeOffset NotBefore { get; private set; } = DateTimeOffset.MinValue;

    public int Failures { get; private set; }

    public bool MayGo => time.GetUtcNow() >= NotBefore;

    public void Done() => (Failures, NotBefore) = (0, time.GetUtcNow() + gap);

    public void Failed()
    {
        var wait = Backoff.After(++Failures, random);
        NotBefore = time.GetUtcNow() + (wait > gap ? wait : gap);
    }
}
