using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ScyllaBot.Observe;

/// <summary>A counter. Thread-safe. What comes after the first few hundred sets of labels is counted as <c>other</c>.</summary>
internal sealed class Tally(Family family)
{
    public const int MostSeries = 300;
    public const string Other = "other";
    private const char Between = '\u001f';

    private readonly ConcurrentDictionary<string, double> _values = new(StringComparer.Ordinal);

    public void Add(double amount, params ImmutableArray<string> values) => _values.AddOrUpdate(KeyOf(_values, family, values), amount, (_, now) => now + amount);

    public void Write(Exposition page)
    {
        // One without labels is there from the start, so that its first increase is seen.
        if (family.Labels.IsEmpty && _values.IsEmpty)
        {
            page.Add(family, 0);
        }

        page.Add(family, _values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new Sample(v.Value, ValuesOf(family, v.Key))));
    }

    internal static string KeyOf<T>(ConcurrentDictionary<string, T> known, Family family, ImmutableArray<string> values)
    {
        var key = string.Join(Between, values);
        return known.ContainsKey(key) || known.Count < MostSeries ? key : string.Join(Between, Enumerable.Repeat(Other, family.Labels.Length));
    }

    internal static ImmutableArray<string> ValuesOf(Family family, string key) => family.Labels.IsEmpty ? [] : [.. key.Split(Between)];
}

/// <summary>A histogram in seconds. Thread-safe.</summary>
/// <param name="family">Which.</param>
/// <param name="bounds">Upper bounds, rising.</param>
internal sealed class Durations(Family family, params double[] bounds)
{
    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);

    public void Add(TimeSpan took, params ImmutableArray<string> values)
    {
        var seconds = Math.Max(0, took.TotalSeconds);
        var series = _series.GetOrAdd(Tally.KeyOf(_series, family, values), _ => new Series(bounds.Length + 1));
        var at = Array.FindIndex(bounds, bound => seconds <= bound);
        lock (series)
        {
            series.Counts[at < 0 ? bounds.Length : at]++;
            series.Sum += seconds;
        }
    }

    public void Write(Exposition page)
    {
        foreach (var (key, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            lock (series)
            {
                page.Add(family, Tally.ValuesOf(family, key), bounds, series.Counts, series.Sum);
            }
        }
    }

    private sealed class Series(int buckets)
    {
        public long[] Counts { get; } = new long[buckets];

        public double Sum { get; set; }
    }
}
