using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Scylla.Watching;

/// <summary>What clients feel, read from the nodes and from Prometheus: the same cluster must give the same verdict.</summary>
public sealed class TrafficConditionTests
{
    public static TheoryData<MetricSource> Sources => [MetricSource.Nodes, MetricSource.Prometheus];

    [Theory, MemberData(nameof(Sources))]
    public void A_warm_node_is_fast_and_says_by_which_number(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Scrape();
        Assert.Null(bed.WhyNot(new LatencyNominal { Source = source }, "b1"));

        var reading = Assert.Single(bed.Readings);
        Assert.Equal(("read latency p99", "ms", 5.0), (reading.Name, reading.Unit, reading.Bound));
        Assert.InRange(reading.Value, 1.28, 2.56);
        Assert.Equal(source == MetricSource.Nodes ? "metrics of b1" : "Prometheus", reading.Source);
    }

    [Fact]
    public void A_node_that_has_just_restarted_is_cold_and_becomes_nominal_again()
    {
        using var bed = new WatchBed();
        bed.Stop("b1");
        bed.World.Agenda.Run(() => bed.World.Node("b1")!.StartProcess());
        var latency = new LatencyNominal();
        bed.Do(() => UntilServingAsync(bed));

        Assert.Matches(@"^reads on b1 take \d+\.\d ms at p99, more than 5\.0 ms \(nothing was measured before\)$", bed.WhyNot(latency, "b1"));
        bed.Pass(3);
        Assert.Null(bed.WhyNot(latency, "b1"));
    }

    [Theory, MemberData(nameof(Sources))]
    public void Latency_is_judged_by_what_it_was_before_above_a_floor(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Scrape();
        var latency = new LatencyNominal { Source = source, FloorMs = 0.1, Factor = 1.5 };
        var before = bed.Do(() => latency.MeasureAsync(bed.Of("b1"), CancellationToken.None));
        Assert.InRange(before, 1.28, 2.56);

        bed.Baselines[latency.BaselineKey] = before;
        Assert.Null(bed.WhyNot(latency, "b1"));
        bed.Baselines[latency.BaselineKey] = before / 2;
        Assert.Contains("more than", bed.WhyNot(latency, "b1"), StringComparison.Ordinal);
        Assert.Equal(before / 2, bed.Readings[^1].Baseline);
        Assert.Null(bed.WhyNot(latency with { FloorMs = 3 }, "b1"));
    }

    [Theory, MemberData(nameof(Sources))]
    public void Without_a_request_there_is_no_latency_and_that_is_not_nominal_34(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Load(0);
        bed.Scrape();
        Assert.Contains("its latency can not be told", bed.WhyNot(new LatencyNominal { Source = source }, "b1"), StringComparison.Ordinal);
        Assert.Throws<RecoverableException>(() => bed.Do(() => new LatencyNominal { Source = source }.MeasureAsync(bed.Of("b1"), CancellationToken.None)));
    }

    [Theory, MemberData(nameof(Sources))]
    public void A_lost_quorum_is_seen_as_unavailables_and_as_errors(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Scrape();
        Assert.Null(bed.WhyNot(new NoUnavailables { Source = source }));
        Assert.Null(bed.WhyNot(new ErrorsNominal { Source = source }));
        Assert.Equal(0, bed.Readings[0].Value);

        bed.Stop("c1", "d1");
        bed.Pass(3);
        bed.Held = ["c1", "d1"];
        Assert.Matches("^[0-9.]+ requests on 2 nodes were refused because too few replicas were alive$", bed.WhyNot(new NoUnavailables { Source = source }));
        Assert.Matches("requests a second fail on 2 nodes, more than 0.1%$", bed.WhyNot(new ErrorsNominal { Source = source }));
    }

    [Theory, MemberData(nameof(Sources))]
    public void Errors_are_judged_by_their_share_and_a_clients_own_mistakes_do_not_count(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Load(300, timeoutShare: 0.01);
        bed.Scrape();
        Assert.Contains("more than 0.1%", bed.WhyNot(new ErrorsNominal { Source = source }), StringComparison.Ordinal);

        // 2 % of the requests are "unprepared" all the time: with them the ratio would be 3 %.
        Assert.Null(bed.WhyNot(new ErrorsNominal { Source = source, MaxRatio = 0.015 }));
    }

    [Theory, MemberData(nameof(Sources))]
    public void Only_a_cluster_that_nobody_asks_has_no_traffic(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Scrape();
        Assert.Matches(@"^[bcd]\d still serves (299|300|301)(\.\d)? requests a second, more than 1$", bed.WhyNot(new NoTraffic { Source = source }));
        bed.Load(0);
        bed.Pass(4);
        Assert.Null(bed.WhyNot(new NoTraffic { Source = source }));
        Assert.Equal(0, bed.Readings[^1].Value);
    }

    [Theory, MemberData(nameof(Sources))]
    public void A_dead_node_is_never_nominal_34(MetricSource source)
    {
        using var bed = new WatchBed();
        bed.Scrape();
        bed.Stop("b1");
        ICondition<Core.Clusters.ClusterContext>[] all =
        [
            new LatencyNominal { Source = source, Scope = MetricScope.Cluster }, new ErrorsNominal { Source = source },
            new NoUnavailables { Source = source }, new NoTraffic { Source = source },
        ];
        Assert.All(all, condition => Assert.Contains(
            "b1", Assert.Throws<RecoverableException>(() => bed.WhyNot(condition)).Message, StringComparison.Ordinal));

        // Held by the job it is down by us, and the others are judged without it.
        bed.Held = ["b1"];
        Assert.Null(bed.WhyNot(all[1]));
        Assert.Contains("b1", Assert.Throws<RecoverableException>(() => bed.WhyNot(all[1], "b1")).Message, StringComparison.Ordinal);
    }

    private static async Task<bool> UntilServingAsync(WatchBed bed)
    {
        while (!bed.World.Node("b1")!.Serves)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), bed.OfCluster().Time);
        }

        return true;
    }
}
