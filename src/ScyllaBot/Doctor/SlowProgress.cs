namespace ScyllaBot.Doctor;

/// <summary>Says how far it is, once it has taken a while, and not more often than every few seconds.</summary>
internal sealed class SlowProgress(TextWriter errors, TimeSpan every)
{
    private readonly Lock _lock = new();
    private long _last = TimeProvider.System.GetTimestamp();

    public void Tell(int done, int all)
    {
        lock (_lock)
        {
            if (TimeProvider.System.GetElapsedTime(_last) < every)
            {
                return;
            }

            _last = TimeProvider.System.GetTimestamp();
            errors.WriteLine(FormattableString.Invariant($"… {done} of {all} nodes looked at"));
        }
    }
}
