using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tests.Workflows.Runs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>Where the data is, and what becomes of it.</summary>
public sealed class DataHazardTests
{
    [Fact]
    public void H6_without_a_look_at_what_runs_a_lost_answer_begins_a_second_repair() => Trial.Shows("looking whether it began", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.OfCluster("- task: !repair\n    keyspaces: [discord]\n  retries: 3\n  retry_delay_seconds: 60"));
        if (blind)
        {
            Blindings.H6(bed);
        }

        var lost = 0;
        bed.Ports.Fate = call => call.What.StartsWith("POST /storage_service/repair_async", StringComparison.Ordinal) && ++lost == 1 ? Loss.After : Loss.None;
        Trial.DriveCluster(bed);
        return Trial.Of(bed, bed.Effects.Count(e => e is { Node: "b1", Kind: "repair" }) > 1);
    });

    /// <summary>Both nodes of the zone may go: every tablet has its other replicas elsewhere. While one is on its way from one to the other, they may not.</summary>
    [Fact]
    public void H9_without_the_replicas_to_come_both_ends_of_a_move_go_down_together() => Trial.Shows("(1 for data in motion)", blind =>
    {
        var options = new BedOptions { Plan = OnOneNode };
        using var bed = new EngineBed(1, blind ? options with { Judgement = options.Judgement with { WhyNotDown = WithoutPending } } : options);
        bed.World.Agenda.Run(bed.World.Clusters[0].Tablets.Unbalance);
        Assert.True(bed.World.Clusters[0].Tablets.IsMoving);
        var id = bed.Run(BedPeople.Request(limit: 2, target: new Target.Named(["d1", "d2"])));
        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromHours(3));
        return Trial.Of(bed, bed.Verdict().QuorumEverLost);

        static string? WithoutPending(Availability found, System.Collections.Immutable.ImmutableSortedSet<string> down) => new Availability(found.Cluster, found.Facts with
        {
            Moving = null, Rings = [.. found.Facts.Rings.Select(r => r with { Ranges = [.. r.Ranges.Select(x => x with { Pending = [] })] })],
        }).WhyNot(down);
    });

    [Fact]
    public void H13_without_a_look_at_the_topology_a_cleanup_drops_what_a_leaving_node_streams() => Trial.Shows("sees a node joining or leaving", blind =>
    {
        var options = BedWorkflows.Own("- task: !cleanup") with { Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 2), ("d", 2)) };
        using var bed = new EngineBed(1, blind ? options.Without(typeof(ClusterNormal)) : options);
        bed.World.Clusters[0].CleansUpInChanges = true;
        if (blind)
        {
            Blindings.H13(bed);
        }

        _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Topology.DecommissionAsync(bed.Sim("b3"), Cause.Nobody));
        bed.Until(() => bed.Sim("b3").Mode == OperationMode.Leaving);
        bed.World.Agenda.Run(() => bed.Sim("c1").Cleanup = CleanupStatus.Needed);
        var id = bed.Start(BedPeople.Own("c1"));
        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromHours(3));
        return Trial.Of(bed, bed.Effects.Any(e => e.Kind == "rows-lost"));
    });

    [Fact]
    public void H14_without_an_end_to_its_patience_a_cleanup_that_hangs_is_waited_for_and_nobody_is_called() => Trial.Shows("cleanup did not end within 2 h", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.OfCluster($"- task: !cleanup-cluster\n    patience_seconds: {(blind ? 365 * 86_400 : 7200)}"));
        bed.World.Agenda.Run(() => bed.Sim("d1").Cleanup = CleanupStatus.Needed);
        var id = Trial.DriveCluster(bed, () =>
        {
            // Its node goes away in the middle and stays away: the request waits for it.
            bed.Until(() => bed.Sim("d1").Cleanup == CleanupStatus.Running);
            Trial.Kill(bed, "d1");
        });
        return Trial.Of(bed, bed.Job(id).State == JobState.Running);
    });

    [Fact]
    public void H16_without_the_same_question_for_those_to_ignore_a_node_that_only_restarts_is_banned_with_the_dead_one() => Trial.Shows("has seen c1 down for", blind =>
    {
        var dice = new Dice(1);
        var options = BedWorkflows.Own($"- task: !remove-node\n    fenced_host_id: {dice.Uuid("b1")}\n    ignore_host_ids: [{dice.Uuid("c1")}]") with
        {
            Enables = ["remove-node"], Plan = d => BedClusters.Plan(d, ("b", 3), ("c", 2), ("d", 2)),
        };
        using var bed = new EngineBed(1, blind ? options.Without(typeof(DeadEverywhere)) : options);
        Trial.Kill(bed, "b1");
        bed.Pass(TimeSpan.FromMinutes(40));
        Trial.Kill(bed, "c1");
        bed.Pass(TimeSpan.FromMinutes(1));
        var id = bed.Run(BedPeople.Own("b1"));
        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromMinutes(10));
        return Trial.Of(bed, bed.Sim("c1").IsBanned);
    });

    [Fact]
    public void H30_without_the_generation_another_processs_repair_is_taken_for_this_one() => Trial.Shows("was restarted while it repaired discord", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.OfCluster("- task: !repair\n    keyspaces: [discord]"));
        if (blind)
        {
            Blindings.H30(bed);
        }

        var id = Trial.DriveCluster(bed, () =>
        {
            bed.Until(() => bed.Sim("b1").Repairs.Active.Any());
            Trial.Kill(bed, "b1");
            Trial.PowerOn(bed, "b1");
            bed.Until(() => bed.Sim("b1").Mode == OperationMode.Normal);
            bed.World.Agenda.Run(() => bed.Sim("b1").Repairs.Start(bed.World.Clusters[0].Keyspace("system_traces")!, Cause.Nobody));
        });
        return Trial.Of(bed, Trial.EndedWell(bed, id) && !bed.Effects.Any(e => e is { Node: "b1", Kind: "repair", Step: not null }));
    });

    [Fact]
    public void H31_without_the_question_which_keyspaces_have_tablets_they_are_left_out_and_all_is_well() => Trial.Shows("user_repair of search", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.OfCluster("- task: !repair") with { Plan = ClusterPlan.SearchStaging });
        if (blind)
        {
            Blindings.H31(bed);
        }

        var id = Trial.DriveCluster(bed);
        return Trial.Of(bed, Trial.EndedWell(bed, id) && bed.Effects.All(e => e.Kind != "tablet-repair"));
    });

    [Fact]
    public void H32_without_the_value_found_balancing_stays_off() => Trial.Shows("Tablet balancing was found on", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.OfCluster("- task: !tablet-balancing\n    set: off", "always:\n  - task: !tablet-balancing\n      set: as_found"));
        if (blind)
        {
            Blindings.H32(bed);
        }

        var id = Trial.DriveCluster(bed);
        return Trial.Of(bed, Trial.EndedWell(bed, id) && !bed.World.Clusters[0].Balancing);
    });

    [Fact]
    public void H33_without_our_own_tags_somebody_elses_snapshot_goes_with_ours() => Trial.Shows("Cleared snapshot scp-before-", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("- task: !snapshot\n    tag: before\n- task: !clear-snapshots\n    tag: before"));
        if (blind)
        {
            Blindings.H33(bed);
        }

        bed.World.Agenda.Run(() => bed.Sim("b1").Store.TakeSnapshot("manual", [("discord", "messages")]));
        bed.Start(BedPeople.Own("b1"));
        bed.Pass(TimeSpan.FromMinutes(5));
        return Trial.Of(bed, !bed.Sim("b1").Store.Snapshots.ContainsKey("manual"));
    });

    [Fact]
    public void H37_without_the_mark_of_a_change_a_library_sends_a_changing_GET_a_second_time() => Trial.Shows("looking whether it began", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("- task: !upgrade-sstables\n    keyspaces: [discord]\n  retries: 1\n  retry_delay_seconds: 1"));
        bed.Ports.RepeatsGets = true;
        if (blind)
        {
            Blindings.H37(bed);
        }

        var asked = 0;
        bed.Ports.Fate = call => call.What.Contains("/keyspace_upgrade_sstables", StringComparison.Ordinal) && ++asked == 1 ? Loss.After : Loss.None;
        bed.Start(BedPeople.Own("b1"));
        bed.Pass(TimeSpan.FromMinutes(10));
        return Trial.Of(bed, bed.World.Clusters[0].Tasks.All.Count(t => t.Type == "upgrade sstables compaction") > 1);
    });

    /// <summary>It is NORMAL, and up for everybody: its tablets move, and that is all.</summary>
    [Fact]
    public void H38_without_the_tasks_and_requests_a_node_whose_tablets_leave_it_is_restarted_and_stays() => Trial.Shows("the topology is changing", blind =>
    {
        var options = BedWorkflows.Own("""
            - task: !systemd-stop-scylla-server
            - task: !systemd-start-service
                service: scylla-server
            - task: !wait-for-conditions
                conditions:
                  - condition: !cql-serving
            """) with
        {
            Plan = dice => OnOneNode(dice),
        };
        using var bed = new EngineBed(1, blind ? options.Without(typeof(QuorumSafe), typeof(NoTopologyChange)) : options);
        var id = bed.Start(BedPeople.Own("d1"));
        _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Topology.DecommissionAsync(bed.Sim("d1"), Cause.Nobody));
        bed.Until(() => bed.Sim("d1").IsDraining);
        Assert.Equal(OperationMode.Normal, bed.Sim("d1").Mode);
        BedPeople.Yes(bed.Approve(id));
        bed.TryUntil(() => Trial.IsOver(bed, id) || bed.Sim("d1").Ring == RingState.Left, TimeSpan.FromHours(3));
        return Trial.Of(bed, bed.World.Clusters[0].Topology.Requests.Any(r => r is { Type: "leave", Error.Length: > 0 }));
    });

    [Fact]
    public void H45_without_a_look_at_the_room_snapshots_pin_a_disk_that_is_nearly_full() => Trial.Shows("of /var/lib/scylla on b1 are free, less than", blind => Trial.Of(
        new WorkflowCase("take_snapshot")
        {
            Options = blind ? new BedOptions().Without(typeof(DiskFree)) : new BedOptions(), Prepare = bed => bed.Sim("b1").Machine.Files.DiskUsed = 0.95,
        }.With("tag", "before"),
        run => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "snapshot" })));

    [Fact]
    public void H49_without_a_look_at_its_requests_a_shadow_that_clients_use_is_torn_down() => Trial.Shows("still serves", blind => Trial.Of(
        ShadowClusterTests.Whole with
        {
            Options = blind ? ShadowClusterTests.Whole.Options.Without(typeof(NoTraffic), typeof(NobodyUses)) : ShadowClusterTests.Whole.Options,
        },
        run => run.Bed.World.Clusters[0].Machines.Any(m => !m.Machine.Exists),
        run =>
        {
            run.Until(() => run.Gates.Count == 2, "the verdict's answer");
            run.Bed.World.Agenda.Run(() => run.Bed.World.Clusters[0].Services.OfType<SimMirror>().Single().Stray(40));
            run.Until(() => run.Job.State is JobState.Ended or JobState.Halted, "the end or a halt", mayHalt: true);
        }));

    /// <summary>Racks b and c have one node each; d's replicas all lie on d1, and d2 has room for half of them.</summary>
    private static ClusterPlan OnOneNode(Dice dice)
    {
        var plan = BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 2));
        System.Collections.Immutable.ImmutableArray<NodeIdentity> homes = [plan.Nodes[0], plan.Nodes[1], plan.Nodes[2]];
        var tablets = Enumerable.Range(1, 128).Select(i => new Tablet(i == 128 ? long.MaxValue : long.MinValue + (i * (1L << 57)), homes));
        return plan with { Keyspaces = [.. plan.Keyspaces, new Keyspace("search", Strategy.NetworkTopology, 3, [new Table("documents", [.. tablets])])] };
    }
}
