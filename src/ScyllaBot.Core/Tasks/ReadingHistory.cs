namespace ScyllaBot.Core.Tasks;

/// <summary>One look's number.</summary>
public sealed record TrendPoint(DateTimeOffset At, double Value);

/// <summary>A number with its last values.</summary>
/// <param name="Trend">Oldest first, the last one included; at most ten.</param>
public sealed record ObservedReading(Reading Last, ImmutableArray<TrendPoint> Trend)
{
    /// <summary>Below this share of the larger value a difference is noise.</summary>
    private const double Noise = 0.02;

    /// <value>1 rising, −1 falling, 0 flat or not known yet.</value>
    public int Direction => Trend.Length < 2 || Math.Abs(Change) <= Noise * Math.Max(Math.Abs(Trend[0].Value), Math.Abs(Trend[^1].Value))
        ? 0 : Math.Sign(Change);

    /// <summary>Over which time.</summary>
    public TimeSpan Span => Trend.Length < 2 ? TimeSpan.Zero : Trend[^1].At - Trend[0].At;

    private double Change => Trend[^1].Value - Trend[0].Value;
}

/// <summary>Collects what a condition observes at each look; a look that observes nothing leaves what was seen before.</summary>
public sealed class ReadingHistory
{
    private const int Kept = 10;
    private const int MostReadings = 12;
    private readonly List<Reading> _look = [];
    private ImmutableArray<ObservedReading> _seen = [];

    /// <summary>Of the look that runs now.</summary>
    public void Add(Reading reading) => _look.Add(reading);

    /// <summary>The look is over.</summary>
    /// <returns>Every number seen so far, in the order they first came.</returns>
    public ImmutableArray<ObservedReading> Close(DateTimeOffset now)
    {
        foreach (var reading in _look.Where(r => double.IsFinite(r.Value)))
        {
            var point = new TrendPoint(now, reading.Value);
            var at = _seen.Select((s, i) => (s, i)).Where(x => IsSame(x.s.Last, reading)).Select(x => x.i).DefaultIfEmpty(-1).First();
            _seen = at >= 0 ? _seen.SetItem(at, new ObservedReading(reading, [.. _seen[at].Trend.TakeLast(Kept - 1), point]))
                : _seen.Length < MostReadings ? _seen.Add(new ObservedReading(reading, [point])) : _seen;
        }

        _look.Clear();
        return _seen;
    }

    private static bool IsSame(Reading a, Reading b) =>
        string.Equals(a.Name, b.Name, StringComparison.Ordinal) && string.Equals(a.Source, b.Source, StringComparison.Ordinal);
}
