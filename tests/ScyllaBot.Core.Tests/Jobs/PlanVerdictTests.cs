using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Clusters.Sketch;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>What a plan says of its safety.</summary>
public sealed class PlanVerdictTests
{
    [Fact]
    public void R22_a_plan_says_which_levels_were_judged_where_and_what_was_left_out()
    {
        var cluster = Two with
        {
            Policy = Two.Policy with
            {
                Overrides = Two.Policy.Overrides.Add("logs", [ConsistencyLevel.One]), NotServing = Two.Policy.NotServing.Add("dc2"),
            },
            Exemptions = [new Exemption("system_traces", "traces", "ana", null), new Exemption("audit", "moved", "ben", Now)],
        };
        var lines = Of(cluster, new Availability(cluster, Facts(cluster, Nts2("ks", 3, 3, "b1 c1 d1 x1 y1 z1"))), 1, "b1");
        Assert.Equal(
            """
            dc1/b: safe, 1 of 1 at once; every range keeps its quorum
            Levels judged: LOCAL_QUORUM, LOCAL_SERIAL; logs: ONE
            Without clients: dc2; local levels are not judged there
            Proof: 1 ranges and tablets; replication and raft voters read over CQL
            Exempt: system_traces (traces, by ana)
            No longer exempt: audit (moved, by ben, until 2026-01-28)
            """, lines);
    }

    [Fact]
    public void R25_a_degraded_proof_is_called_one_with_its_reason()
    {
        var lines = Of(Six, new Availability(Six, WithoutCql(Six, Nts("ks", 3, "b1 c1 d1"))), 1, "b1", "b2");
        Assert.Contains("degraded proof (no CQL facts: cqlsh: command not found): one node at a time, and a read barrier after each (R25)", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_the_replica_sets_do_not_allow_is_said_with_how_many_may_go_and_why_no_more() => Assert.StartsWith(
        "dc1/b: safe, 1 of 2 at once, not the 2 allowed: ks: range (0, 1] would keep 1 of 3 replicas in dc1, LOCAL_QUORUM needs 2; down: b1, b2",
        Of(Six, Sketch(), 2, "b1", "b2"), StringComparison.Ordinal);

    [Fact]
    public void A_node_that_may_not_go_at_all_is_named() => Assert.StartsWith(
        "dc1/b: not safe now: b1: old: range (0, 1] would keep 1 of 2 replicas", Of(Six, Clusters.Sketch.Of(Six, Nts("old", 2, "b1 c1")), 1, "b1", "b2"), StringComparison.Ordinal);

    private static Availability Sketch() => Clusters.Sketch.Of(Six, Nts("ks", 3, "b1 b2 c1"));

    private static string Of(Cluster cluster, Availability availability, int limit, params ImmutableArray<string> wave)
    {
        var snapshot = new ClusterSnapshot(cluster, Now, [.. cluster.Nodes.Select(n => new NodeView(
            n, "NORMAL", true, 1, [.. cluster.Nodes.Select(o => o.Address)], [], null, [], []))]);
        return string.Join('\n', PlanVerdict.Of(
            cluster, availability, snapshot, [new PlanWave(cluster.Find(wave[0])!.Zone, wave, limit)],
            [new PlanStep("1.1", "Drain", "", Direction.TakesDown, Risk.Disruptive, true)], []));
    }
}
