using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Scylla.Watching;

public sealed class PrometheusTests
{
    private const string Live = "min(scylla_gossip_live{job=\"scylla\",{matcher}})";

    [Fact]
    public void A_query_compares_every_row_and_tells_the_number()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        Assert.Null(bed.WhyNot(new PrometheusQuery { Query = Live, Is = Comparison.Equal, Value = 3 }));
        Assert.Equal(3, Assert.Single(bed.Readings).Value);
        Assert.Equal(
            "min(scylla_gossip_live{job=\"scylla\",cluster=\"mini\"}) is 3, wanted below 3",
            bed.WhyNot(new PrometheusQuery { Query = Live, Is = Comparison.Below, Value = 3 }));
        Assert.EndsWith("(4 rows)", bed.WhyNot(new PrometheusQuery { Query = "scylla_gossip_live{{matcher}}", Value = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void One_node_is_picked_by_its_instance()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        var query = new PrometheusQuery { Query = "count(up{{matcher}})", Is = Comparison.Equal, Value = 1, Scope = MetricScope.Node };
        Assert.Null(bed.WhyNot(query, "c1"));
        Assert.Contains("is 4", bed.WhyNot(query), StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_is_not_zero_and_NaN_is_no_data_34()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        Assert.StartsWith("Prometheus has nothing for ", bed.WhyNot(new PrometheusQuery { Query = "no_such_series{{matcher}}" }), StringComparison.Ordinal);
        Assert.StartsWith("Prometheus has no data (NaN)", bed.WhyNot(new PrometheusQuery { Query = "sum(up{{matcher}}) * NaN" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_dead_missing_or_old_is_never_nominal_34()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        var query = new PrometheusQuery { Query = "sum(rate(scylla_transport_cql_errors_total{type=\"unavailable\",{matcher}}[2m])) or vector(0)" };
        Assert.Null(bed.WhyNot(query));

        bed.Stop("b1");
        Assert.Equal("Prometheus can not scrape b1 now: its last numbers are old", bed.WhyNot(query));
        bed.Held = ["b1"];
        Assert.Null(bed.WhyNot(query));

        bed.Prometheus.Stalled = true;
        bed.Pass(2);
        Assert.Matches("^Prometheus last scraped b2 1[0-4][0-9] s ago$", bed.WhyNot(query));

        var stranger = bed.Cluster.Nodes[0] with { Name = "b9", Address = "10.0.0.99" };
        bed.Cluster = bed.Cluster with { Nodes = [stranger, .. bed.Cluster.Nodes] };
        Assert.Equal("Prometheus does not scrape b9 (10.0.0.99) as job scylla", bed.WhyNot(query));
    }

    [Fact]
    public void Targets_that_are_no_nodes_are_counted()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        var query = new PrometheusQuery { Query = "vector(0) + 0 * sum(up{{matcher}})", Targets = 4 };
        Assert.Null(bed.WhyNot(query));
        Assert.Equal("4 of 4 targets of job scylla are up, 5 are expected", bed.WhyNot(query with { Targets = 5 }));
        Assert.Equal("0 of 0 targets of job node_exporter are up, 4 are expected", bed.WhyNot(query with { Job = "node_exporter" }));
    }

    [Fact]
    public void A_query_that_would_look_beyond_the_cluster_or_is_not_understood_calls_a_human()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        Assert.Contains("{matcher}", Unrecoverable("up == 1"), StringComparison.Ordinal);
        Assert.Contains("parse error", Unrecoverable("sum(up{{matcher}}"), StringComparison.Ordinal);
        Assert.Contains("a range where one value", Unrecoverable("up{{matcher}}[5m]"), StringComparison.Ordinal);
        bed.Cluster = bed.Cluster with { Prometheus = null };
        Assert.Equal("mini has no prometheus in the inventory", Unrecoverable("up{{matcher}}"));

        string Unrecoverable(string query) =>
            Assert.Throws<UnrecoverableException>(() => bed.WhyNot(new PrometheusQuery { Query = query })).Message;
    }

    [Fact]
    public void A_range_is_typed_and_a_lost_answer_is_worth_another_look()
    {
        using var bed = new WatchBed();
        bed.Scrape();
        var (client, now) = (Prometheus.Of(bed.OfCluster()), bed.OfCluster().Time.GetUtcNow());
        var range = Assert.IsType<PromAnswer.Matrix>(bed.Do(() => client.QueryRangeAsync(
            "up{job=\"scylla\"}", now - TimeSpan.FromMinutes(2), now, TimeSpan.FromSeconds(30), CancellationToken.None)));
        Assert.Equal(4, range.Series.Length);
        Assert.All(range.Series, s => Assert.Equal([1, 1, 1, 1, 1], s.Points.Select(p => p.Value)));
        var scalar = Assert.IsType<PromAnswer.Scalar>(bed.Do(() => client.QueryAsync("time()", CancellationToken.None)));
        Assert.Equal(now.ToUnixTimeSeconds(), scalar.Point.Value, 1.0);

        bed.Ports.Fate = _ => Loss.After;
        Assert.Throws<RecoverableException>(() => bed.Do(() => client.QueryAsync("up", CancellationToken.None)));
    }
}
