using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tests.Workflows.Runs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>
/// What each check is there for: with it the hazard's harm does not come about, and with it switched off it does, as the oracle or the simulated
/// cluster shows. The harm is looked for in the same run, under the same misfortune.
/// </summary>
public sealed class HazardTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(8);

    [Fact]
    public void H1_without_everyones_view_the_next_zone_goes_down_before_the_last_one_is_seen_back()
    {
        var options = new BedOptions();
        Assert.False(Harm(options));

        // Several look at the same thing, and any one of them is enough.
        Assert.True(Harm(options.WithoutGuards().Without(
            typeof(UpForAllPeers), typeof(IsUpNormal), typeof(HintsDrained), typeof(ClusterNormal), typeof(QuorumSafe))));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_restart") { Options = options }, run =>
        {
            run.Bed.Arm(FaultKind.GossipLag, "b2", seconds: 3600);
            Trial.Drive(run);
            return IsRefused(run);
        });
    }

    [Fact]
    public void H8_without_the_proof_over_all_keyspaces_a_zone_of_a_simple_strategy_loses_its_quorum()
    {
        var options = new BedOptions { Plan = WithSimpleStrategy };
        Assert.False(Harm(options));
        Assert.True(Harm(options.WithoutAvailability()));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_restart") { Options = options }.With("concurrency_limit", "2"), run =>
        {
            Trial.Drive(run);
            return run.Bed.Verdict().QuorumEverLost;
        });
    }

    [Fact]
    public void H10_without_the_union_of_all_views_a_node_goes_down_beside_one_that_only_calls_itself_well()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().WithoutGuards().Without(typeof(UpForAllPeers), typeof(HintsDrained), typeof(ClusterNormal), typeof(QuorumSafe))));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_restart") { Options = options, Prepare = Unseen }, run =>
        {
            Trial.Drive(run);
            return IsRefused(run);
        });
    }

    /// <summary>The simulated coordinator cleans up by itself first, as new versions do; older ones would let the rows stay.</summary>
    [Fact]
    public void H12_without_the_question_for_cleanup_a_node_leaves_among_dirty_ones()
    {
        var options = BedWorkflows.Own("- task: !decommission");
        Assert.False(Harm(options));
        Assert.True(Harm(options.Without(typeof(CleanedUp), typeof(NothingOwed))));

        static bool Harm(BedOptions options)
        {
            using var bed = new EngineBed(1, options);
            bed.Sim("c1").Cleanup = CleanupStatus.Needed;
            Trial.Drive(bed, "b1");
            return bed.Effects.Any(e => e.Kind == "decommission");
        }
    }

    [Fact]
    public void H15_without_the_half_hour_in_all_views_a_node_that_only_restarts_is_removed_for_ever()
    {
        var options = BedWorkflows.Own($"- task: !remove-node\n    fenced_host_id: {new Dice(1).Uuid("b1")}") with { Enables = ["remove-node"] };
        Assert.False(Harm(options));
        Assert.True(Harm(options.Without(typeof(DeadEverywhere))));

        static bool Harm(BedOptions options)
        {
            using var bed = new EngineBed(1, options);
            bed.World.Agenda.Run(() => bed.Sim("b1").Kill(Cause.Nobody));
            bed.Pass(TimeSpan.FromMinutes(2));
            Trial.Drive(bed, "b1");
            return bed.Effects.Any(e => e.Kind == "remove-node");
        }
    }

    [Fact]
    public void H19_without_everybody_up_a_join_is_refused_and_the_new_node_is_banned()
    {
        var options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice), SparesAreNew = true };
        Assert.False(Harm(options));
        Assert.True(Harm(options.WithoutGuards().Without(typeof(ClusterNormal), typeof(QuorumSafe), typeof(SchemaAgreed))));

        static bool Harm(BedOptions options) => Run(
            new WorkflowCase("add_nodes_to_cluster") { Options = options, Target = new Target.Named(["b3"]) }, run =>
        {
            run.Bed.World.Agenda.Run(() => run.Bed.Sim("d1").Kill(Cause.Nobody));
            Trial.Drive(run);
            return run.Bed.Sim("b3").IsBanned;
        });
    }

    [Fact]
    public void H21_without_the_arithmetic_a_node_leaves_although_there_is_no_room_for_its_data()
    {
        var options = BedWorkflows.Own("- task: !decommission\n    max_disk_percent: 5");
        Assert.False(Harm(options));
        Assert.True(Harm(options.Without(typeof(FitsWithout))));

        static bool Harm(BedOptions options)
        {
            using var bed = new EngineBed(1, options);
            Trial.Drive(bed, "b1");
            return bed.Effects.Any(e => e.Kind == "decommission");
        }
    }

    [Fact]
    public void H24_without_a_look_at_the_disks_Scylla_starts_as_an_empty_node()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().Without(typeof(MountsPresent), typeof(DataDirectoryIs))));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_reboot") { Options = options }.With("boot_timeout", "5m"), run =>
        {
            run.Until(() => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "reboot" }), "the reboot");
            run.Bed.World.Agenda.Run(() =>
            {
                run.Bed.Sim("b1").Machine.Files.Mounts.Clear();
                run.Bed.Sim("b1").Machine.Files.BeginWithoutData();
            });
            Trial.Drive(run);
            return run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "start" });
        });
    }

    [Fact]
    public void H25_without_the_count_of_shards_every_node_is_resharded_before_anybody_notices()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().Without(typeof(ShardsUnchanged))));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_reboot") { Options = options }, run =>
        {
            run.Until(() => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "reboot" }), "the reboot");
            run.Bed.Sim("b1").Machine.Shards = 1;
            Trial.Drive(run);
            return run.Bed.Effects.Any(e => e is { Node: "b2", Kind: "reboot" });
        });
    }

    [Fact]
    public void H26_without_the_agreement_a_node_goes_down_while_schemas_differ()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().Without(typeof(SchemaAgreed))));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_config_change") { Options = options, Prepare = Disagree }
            .With("settings", "tombstone_warn_threshold=500"), run =>
        {
            Trial.Drive(run);
            return run.Bed.Events.Any(e => e is NodeHeld);
        });

        // d1 has not taken the last change of the schema.
        static void Disagree(EngineBed bed)
        {
            var address = $"\"{bed.Cluster.Find("d1")!.Address}\"";
            bed.Ports.Rewrite = (call, body) => !call.What.EndsWith("/schema_versions", StringComparison.Ordinal) ? body
                : body.Replace("," + address, "", StringComparison.Ordinal).Replace(", " + address, "", StringComparison.Ordinal).TrimEnd(']')
                    + ",{\"key\":\"00000000-0000-4000-8000-00000000000f\",\"value\":[" + address + "]}]";
        }
    }

    [Fact]
    public void H28_without_the_question_for_a_way_back_committed_features_meet_an_old_program()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().Without(typeof(RollbackOpen))));

        static bool Harm(BedOptions options) => Run(
            new WorkflowCase("scylla_version_rollback")
            {
                Options = options, Prepare = bed => Releases.Run(bed, Releases.Next, "b1", "b2", "c1", "d1"),
            }.With("version", Releases.Found).With("packages", Releases.PackageOf(Releases.Found)), run =>
        {
            Trial.Drive(run);
            return run.Bed.World.Nodes.Any(n => Releases.VersionOf(run.Bed, n.Id.Name) == Releases.Found);
        });
    }

    [Fact]
    public void H28_without_the_path_a_release_is_left_out()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().Without(typeof(UpgradePath))));

        static bool Harm(BedOptions options) => Run(
            new WorkflowCase("cycle_binary") { Options = options, Prepare = bed => Releases.Lay(bed, Releases.AfterNext, "b1", "b2", "c1", "d1") }
                .With("version", Releases.AfterNext), run =>
        {
            Trial.Drive(run);
            return run.Bed.World.Nodes.Any(n => Releases.VersionOf(run.Bed, n.Id.Name) == Releases.AfterNext);
        });
    }

    [Fact]
    public void H39_without_a_look_at_the_topology_a_restart_breaks_a_decommission_under_way()
    {
        var options = BedWorkflows.Own(Trial.Cycle) with
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 2), ("d", 2)),
        };
        Assert.False(Harm(options));
        Assert.True(Harm(options.WithoutGuards().Without(typeof(ClusterNormal), typeof(QuorumSafe), typeof(NoTopologyChange))));

        static bool Harm(BedOptions options)
        {
            using var bed = new EngineBed(1, options);
            var id = bed.Start(BedPeople.Own("c1"));
            var leaving = bed.Sim("b3");
            _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Topology.DecommissionAsync(leaving, Cause.Nobody));
            bed.Until(() => leaving.Mode == OperationMode.Leaving);
            BedPeople.Yes(bed.Approve(id));
            bed.TryUntil(() => Trial.IsOver(bed, id) || leaving.Ring == RingState.Left, Long);
            bed.Pass(TimeSpan.FromMinutes(30));
            return leaving.Mode == OperationMode.Normal;
        }
    }

    [Fact]
    public void H41_without_the_count_of_voters_a_zone_takes_the_majority_of_raft_with_it()
    {
        var options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 1), ("d", 1)) };
        Assert.False(Harm(options));
        Assert.True(Harm(options.WithoutAvailability()));

        static bool Harm(BedOptions options) => Run(new WorkflowCase("rolling_restart") { Options = options }.With("concurrency_limit", "3"), run =>
        {
            Trial.Drive(run);
            return run.Bed.Verdict().RaftMajorityEverLost;
        });
    }

    [Fact]
    public void H42_without_a_question_to_the_process_a_change_that_nobody_took_ends_well()
    {
        Assert.False(Harm(new BedOptions()));
        Assert.True(Harm(new BedOptions().Without(typeof(ConfigIs))));

        static bool Harm(BedOptions options) => Run(
            new WorkflowCase("rolling_config_change") { Options = options }.With("settings", "max_hint_window_in_ms=soon").With("up_timeout", "2m"), run =>
        {
            Trial.Drive(run);
            return run.Job.End?.Outcome == JobOutcome.Succeeded;
        });
    }

    private static bool Run(WorkflowCase @case, Func<WorkflowRun, bool> harm)
    {
        using var run = new WorkflowRun(@case).Prepare();
        return harm(run.Start());
    }

    /// <summary>A client was told that there are not enough replicas, by a coordinator that does not see one of those that serve.</summary>
    private static bool IsRefused(WorkflowRun run) => run.Bed.Verdict() is var verdict && (verdict.Probes.Failed > 0 || verdict.QuorumEverLost);

    /// <summary>d1 serves and says so; one of the others has not seen it since its restart.</summary>
    private static void Unseen(EngineBed bed)
    {
        bed.Arm(FaultKind.GossipLag, "d1", seconds: 100_000);
        _ = bed.World.Agenda.Run(() => bed.Sim("d1").Unit.RestartAsync(Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(5));
        Assert.True(bed.Sim("d1").Serves);
        bed.World.Agenda.Run(bed.Oracle.Reset);
    }

    private static ClusterPlan WithSimpleStrategy(Dice dice)
    {
        var plan = BedClusters.Plan(dice, ("b", 3), ("c", 1), ("d", 1));
        return plan with { Keyspaces = [.. plan.Keyspaces, new Keyspace("legacy", Strategy.Simple, 3, [Table.OfVnodes("events")])] };
    }
}
