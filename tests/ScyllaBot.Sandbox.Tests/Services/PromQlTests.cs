using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters.PromQl;

namespace ScyllaBot.Sandbox.Tests.Services;

/// <summary>The subset of PromQL that the simulated Prometheus speaks, by numbers worked out by hand.</summary>
public sealed class PromQlTests
{
    private readonly SampleStore _store = new(TimeSpan.FromHours(2));

    public PromQlTests()
    {
        // Two nodes of one cluster, a scrape every 20 s for 10 minutes. a counts 10/s and restarts at 300 s; b counts 20/s.
        for (var at = 0; at <= 600; at += 20)
        {
            Scrape("a", at, ("served", at < 300 ? at * 10 : (at - 300) * 10), ("up", 1), ("level", at));
            Scrape("b", at, ("served", at * 20), ("up", at < 560 ? 1 : 0), ("le_bucket/100", at), ("le_bucket/200", at * 3), ("le_bucket/+Inf", at * 4));
        }
    }

    [Theory]
    [InlineData("1 + 2 * 3 - -4", 11)]
    [InlineData("(1 + 2) * 3 > bool 8", 1)]
    [InlineData("time()", 600)]
    [InlineData("sum(up)", 1)]
    [InlineData("count(up == 1) == 1", 1)]
    [InlineData("count(up offset 2m == 1)", 2)]
    [InlineData("sum(rate(served[2m]))", 30)]
    [InlineData("sum(increase(served{node=\"b\"}[1m]))", 1200)]
    [InlineData("increase(served{node=~\"a|x\",}[400s])", 3800)]
    [InlineData("sum by (cluster) (rate(served[2m])) / 2", 15)]
    [InlineData("sum(nope) or vector(0)", 0)]
    [InlineData("max_over_time(sum(level)[5m:1m]) - sum(min_over_time(level[5m]))", 300)]
    [InlineData("avg_over_time(level[1m])", 570)]
    [InlineData("histogram_quantile(0.5, sum by (le) (rate(le_bucket[2m])))", 150)]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(le_bucket[2m])))", 200)]
    [InlineData("changes(up{node=\"b\"}[2m])", 1)]
    [InlineData("timestamp(level)", 600)]
    [InlineData("sum(level) > 0 and sum(up) == 1", 600)]
    [InlineData("sum(level{node!=\"a\"}) or vector(7)", 7)]
    [InlineData("absent(nope)", 1)]
    [InlineData("count(served unless served{node=\"a\"})", 1)]
    [InlineData("sum without (node) (up) * on (cluster) sum by (cluster) (up)", 1)]
    public void Gives(string query, double value) => Assert.Equal(value, Assert.Single(Numbers(query)), 1e-6);

    [Theory]
    [InlineData("up == 2"), InlineData("nope"), InlineData("rate(nope[5m])"), InlineData("rate(level[10s])"), InlineData("sum(nope) == 0")]
    public void Gives_nothing(string query) => Assert.Empty(Numbers(query));

    [Fact]
    public void A_histogram_that_counted_nothing_gives_no_number() =>
        Assert.True(double.IsNaN(Assert.Single(Numbers("histogram_quantile(0.99, sum by (le) (0 * le_bucket))"))));

    [Fact]
    public void A_target_that_is_gone_goes_stale_at_once_and_a_stalled_scrape_after_five_minutes()
    {
        Scrape("a", 620, ("up", 0));
        Assert.Empty(Numbers("level", 620));
        Assert.Equal([0], Numbers("up{node=\"a\"}", 620));
        Assert.Equal([0], Numbers("up{node=\"b\"}", 890));
        Assert.Empty(Numbers("up{node=\"b\"}", 910));
    }

    [Theory]
    [InlineData("sum(up"), InlineData("up[5m"), InlineData("up{a=b}"), InlineData("1 +"), InlineData("up offset"), InlineData("rate(up)")]
    [InlineData("nope(up)"), InlineData("(up)[5m]"), InlineData("\"text"), InlineData("up @ 5"), InlineData("{a=~\"(\"}")]
    public void Refuses(string query) => Assert.ThrowsAny<Exception>(() => Numbers(query));

    private double[] Numbers(string query, double at = 600) => new Evaluator(_store, at).Of(Parser.Parse(query)) switch
    {
        Value.Scalar scalar => [scalar.Number],
        Value.Vector vector => [.. vector.Elements.Select(e => e.Number)],
        _ => throw new PromQlException("a range"),
    };

    private void Scrape(string node, double at, params (string Name, double Number)[] samples) => _store.Add(node, at, [.. samples.Select(s =>
    {
        var parts = s.Name.Split('/');
        var labels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("__name__", parts[0]).Add("node", node).Add("cluster", "c");
        return (parts.Length > 1 ? labels.Add("le", parts[1]) : labels, s.Number);
    })]);
}
