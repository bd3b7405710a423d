using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>Scraped samples of the last hours. Times are unix seconds.</summary>
internal sealed class SampleStore(TimeSpan kept)
{
    private const double LookBack = 300;
    private readonly Dictionary<string, Dictionary<string, Series>> _byName = new(StringComparer.Ordinal);

    /// <summary>One scrape of one target: what the target told before and does not tell now goes stale.</summary>
    public void Add(string target, double at, IEnumerable<(ImmutableSortedDictionary<string, string> Labels, double Number)> samples)
    {
        foreach (var (labels, number) in samples)
        {
            var name = labels["__name__"];
            if (!_byName.TryGetValue(name, out var all))
            {
                _byName.Add(name, all = new Dictionary<string, Series>(StringComparer.Ordinal));
            }

            var key = Value.KeyOf(labels);
            if (!all.TryGetValue(key, out var series))
            {
                all.Add(key, series = new Series(target, labels));
            }

            series.Add(new Sample(at, number));
        }

        foreach (var series in _byName.Values.SelectMany(all => all.Values).Where(s => s.Target == target && s.Samples.Count > 0))
        {
            if (series.Samples[^1] is { Number: not null } last && last.At < at)
            {
                series.Add(new Sample(at, null));
            }

            series.Forget(at - kept.TotalSeconds);
        }
    }

    /// <summary>The last sample within five minutes, unless it marks the series as stale.</summary>
    public IEnumerable<(ImmutableSortedDictionary<string, string> Labels, Sample Last)> At(Expr.Selector selector, double at)
    {
        foreach (var series in Fitting(selector))
        {
            var last = series.Samples.FindLastIndex(s => s.At <= at);
            if (last >= 0 && series.Samples[last] is { Number: not null } sample && sample.At > at - LookBack)
            {
                yield return (series.Labels, sample);
            }
        }
    }

    public IEnumerable<(ImmutableSortedDictionary<string, string> Labels, Sample[] Samples)> Between(Expr.Selector selector, double from, double to)
    {
        foreach (var series in Fitting(selector))
        {
            Sample[] within = [.. series.Samples.Where(s => s.Number is not null && s.At >= from && s.At <= to)];
            if (within.Length > 0)
            {
                yield return (series.Labels, within);
            }
        }
    }

    private IEnumerable<Series> Fitting(Expr.Selector selector)
    {
        var named = selector.Name.Length == 0 ? _byName.Values.SelectMany(all => all.Values)
            : _byName.TryGetValue(selector.Name, out var found) ? found.Values : Enumerable.Empty<Series>();
        return named.Where(s => selector.Matchers.All(m => m.Fits(s.Labels))).OrderBy(s => Value.KeyOf(s.Labels), StringComparer.Ordinal);
    }

    private sealed class Series(string target, ImmutableSortedDictionary<string, string> labels)
    {
        public string Target => target;

        public ImmutableSortedDictionary<string, string> Labels => labels;

        public List<Sample> Samples { get; } = [];

        public void Add(Sample sample) => Samples.Add(sample);

        public void Forget(double before) => Samples.RemoveAll(s => s.At < before);
    }
}
