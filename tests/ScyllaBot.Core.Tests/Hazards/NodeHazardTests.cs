using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tests.Workflows.Runs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>A node that stops, starts and is looked at.</summary>
public sealed class NodeHazardTests
{
    [Fact]
    public void H2_without_a_look_at_mode_and_cql_the_next_zone_goes_down_while_the_last_node_joins() => Trial.Shows("is JOINING", blind =>
    {
        var options = BedWorkflows.Own(Trial.Cycle, "concurrency_unit: zone");
        using var bed = new EngineBed(1, blind
            ? options.WithoutGuards().Without(typeof(CqlServing), typeof(UpForAllPeers), typeof(IsUpNormal), typeof(ClusterNormal), typeof(QuorumSafe)) : options);
        Trial.Drive(bed);
        return Trial.Of(bed, bed.Verdict().QuorumEverLost);
    });

    [Fact]
    public void H3_without_a_look_at_the_mode_a_node_that_is_not_drained_is_stopped_and_killed() => Trial.Shows("the mode is DRAINING", blind => Trial.Of(
        new WorkflowCase("rolling_restart") { Prepare = bed => HangAnd(bed, blind ? Blindings.H3 : null) }, run => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "kill" })));

    [Fact]
    public void H4_without_an_end_to_its_patience_a_drain_that_hangs_keeps_a_node_away_and_nobody_is_called() => Trial.Shows("not drained within 5 minutes", blind => Trial.Of(
        new WorkflowCase("rolling_restart") { Prepare = bed => HangAnd(bed, blind ? Blindings.H4 : null) }, run => run.Job.State == JobState.Running && !run.Bed.Sim("b1").Serves));

    /// <summary>In the moment between our look at the mode and our call: no step of the shipped workflow has a second try for it.</summary>
    [Fact]
    public void H5_without_the_word_for_busy_a_drain_that_somebody_else_began_halts_the_job() => Trial.Shows("is in progress, try again", blind => Trial.Of(
        new WorkflowCase("rolling_restart")
        {
            Target = new Target.Named(["b1"]),
            Prepare = bed =>
            {
                bed.Ports.Saw = call => _ = call is { Node: "b1", What: "POST /storage_service/drain" } && bed.Sim("b1").Mode == OperationMode.Normal
                    ? bed.World.Agenda.Run(() => bed.Sim("b1").DrainAsync(Cause.Nobody)) : null;
                if (blind)
                {
                    Blindings.H5(bed);
                }
            },
        },
        run => run.Job.State == JobState.Halted));

    [Fact]
    public void H7_without_the_meaning_of_404_a_node_that_only_starts_halts_the_job() => Trial.Shows("404", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("- task: !flush\n  retries: 20\n  retry_delay_seconds: 10"));
        bed.Arm(FaultKind.SlowStart, "b1");
        _ = bed.World.Agenda.Run(() => bed.Sim("b1").Unit.RestartAsync(Cause.Nobody));
        bed.Until(() => bed.Sim("b1").Phase == StartPhase.RestListening);
        var id = bed.Start(BedPeople.Own("b1"));
        if (blind)
        {
            Blindings.H7(bed);
        }

        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromHours(1));
        bed.Pass(TimeSpan.FromMinutes(5));
        return Trial.Of(bed, bed.Job(id).State == JobState.Halted && bed.Sim("b1").Serves);
    });

    [Fact]
    public void H11_without_a_look_at_cql_a_zone_goes_down_beside_a_node_that_serves_nobody() => Trial.Shows("d1 is NORMAL but CQL is closed", blind => Trial.Of(
        new WorkflowCase("rolling_restart")
        {
            Options = blind ? new BedOptions().WithoutGuards().Without(typeof(CqlServing), typeof(ClusterNormal), typeof(QuorumSafe)) : new BedOptions(),
            Prepare = bed =>
            {
                _ = bed.World.Agenda.Run(() => bed.Sim("d1").SetCql(on: false, Cause.Nobody));
                bed.World.Agenda.Run(bed.Oracle.Reset);
            },
        },
        run => run.Bed.Verdict().QuorumEverLost));

    [Fact]
    public void H22_without_the_length_of_the_window_a_node_comes_back_without_its_writes_and_nobody_owes_a_repair() => Trial.Shows("was down for longer than hints are kept", blind =>
    {
        using var bed = new EngineBed();
        if (blind)
        {
            Blindings.H22(bed);
        }

        bed.Arm(FaultKind.StartFails, "b1", count: 99);
        var id = bed.Run(BedPeople.Request(target: new Target.Named(["b1"])));
        bed.UntilState(id, JobState.Halted);
        bed.Pass(TimeSpan.FromHours(4));
        bed.World.Agenda.Run(() => bed.World.LiftFaults());
        BedPeople.Yes(bed.Press(c => c.RestoreAsync(BedPeople.Mara, id, "b1", default)));
        bed.Until(() => Trial.IsBack(bed, "b1"));
        bed.Pass(TimeSpan.FromMinutes(2));
        var lacks = bed.World.Clusters[0].Gossip.WasDownFor(bed.Sim("c1"), bed.Sim("b1")) > TimeSpan.FromHours(3);
        return Trial.Of(bed, lacks && bed.Job(id).Debts.Values.All(d => d.Kind != DebtKind.Repair));
    });

    [Fact]
    public void H23_without_a_wait_for_the_last_node_the_next_one_of_its_rack_stops_while_it_still_catches_up() => Trial.Shows("compactions running or queued on b1", blind =>
    {
        var meets = false;
        return Trial.Of(
            new WorkflowCase("rolling_restart")
            {
                Options = blind ? new BedOptions().Without(typeof(HintsDrained), typeof(CompactionsNominal)) : new BedOptions(),
                Prepare = bed =>
                {
                    bed.Arm(FaultKind.CompactionsStuck, "b1", seconds: 1200);
                    bed.Ports.Saw = call => meets |= call is { Node: "b2", What: "POST /storage_service/drain" } && bed.Sim("b1").Compactions.Stuck(bed.Time.GetUtcNow());
                },
            },
            _ => meets);
    });

    [Fact]
    public void H29_with_Cassandras_version_a_node_that_runs_the_right_one_is_taken_for_a_wrong_one() => Trial.Shows("(Version is as wanted): Condition passed", blind => Trial.Of(
        new WorkflowCase("cycle_binary")
        {
            Prepare = bed =>
            {
                Releases.Lay(bed, Releases.Patch, "b1", "b2", "c1", "d1");
                if (blind)
                {
                    Blindings.H29(bed);
                }
            },
        }.With("version", Releases.Patch),
        run => run.Job.End?.Outcome != JobOutcome.Succeeded));

    [Fact]
    public void H34_without_a_look_at_the_age_of_its_numbers_a_node_goes_down_while_clients_get_errors() => Trial.Shows("Prometheus last scraped", blind =>
    {
        using var bed = new EngineBed(1, BedWorkflows.Own(Trial.Cycle + "\n" + """
                  - condition: !prometheus-query
                      query: 'sum(rate(scylla_storage_proxy_coordinator_read_timeouts{{matcher}}[1m])) or vector(0)'
                    timeout_seconds: 600
            """));
        bed.StartHost(c => c with { Prometheus = new(new Uri($"http://services.{c.Name}/prometheus/"), System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, [], $"cluster=\"{c.Name}\"") });
        var prometheus = bed.World.Clusters[0].Services.OfType<SimPrometheus>().Single();
        bed.World.Agenda.Run(prometheus.Start);
        bed.Pass(TimeSpan.FromMinutes(6));
        if (blind)
        {
            Blindings.H34(bed);
        }

        // It stops scraping, and then clients begin to get errors.
        prometheus.Stalled = true;
        bed.World.Agenda.Run(() => bed.World.Clusters[0].Traffic.SetLoad(300, timeoutShare: 0.2));
        bed.Pass(TimeSpan.FromSeconds(90));
        var id = bed.Run(BedPeople.Own());
        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromHours(2));
        return Trial.Of(bed, bed.Effects.Count(e => e.Kind == "stop") > 1);
    });

    [Fact]
    public void H35_without_a_window_a_node_that_crashes_after_its_start_has_been_well_once() => Trial.Shows("b1 is not answering", blind =>
    {
        var options = BedWorkflows.Own(Trial.Cycle + (blind ? "" : "\n        success_window_seconds: 30")) with { Plan = dice => BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 1)) };
        using var bed = new EngineBed(1, options);
        bed.WithoutLeader();
        var id = bed.Run(BedPeople.Own());
        bed.Until(() => Trial.IsBack(bed, "b1"));
        bed.Pass(TimeSpan.FromSeconds(8));
        Trial.Kill(bed, "b1");
        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromHours(1));
        return Trial.Of(bed, bed.Verdict().QuorumEverLost);
    });

    [Fact]
    public void H36_without_the_host_ids_a_machine_that_only_has_the_same_address_is_taken_down() => Trial.Shows("another machine has its address", blind =>
    {
        using var run = new WorkflowRun(new WorkflowCase("rolling_restart") { Target = new Target.Named(["d1"]) });
        run.Bed.StartHost(c => c.With(n => n.Name == "d1" ? new Guid("11111111-2222-4333-8444-555555555555") : n.HostId));
        if (!blind)
        {
            return new Trial(Harm: false, run.Refused());
        }

        Blindings.H36(run.Bed);
        run.Start().Bed.TryUntil(() => run.Job.State is JobState.Ended or JobState.Halted, TimeSpan.FromHours(1));
        return Trial.Of(run.Bed, run.Bed.Effects.Any(e => e is { Node: "d1", Kind: "stop" }));
    });

    /// <summary>Somebody restarts the others one by one; each waits until everyone is up, and looks at nobody's lease.</summary>
    [Fact]
    public void H40_without_the_watch_over_other_hands_two_rollings_meet_and_cost_the_quorum() => Trial.Shows("Why = d1 is not answering", blind =>
    {
        var options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 1)) };
        using var bed = new EngineBed(1, blind ? options.WithoutGuards() : options);
        if (blind)
        {
            Blindings.H40(bed);
        }

        var id = bed.Run(BedPeople.Request());
        bed.Until(() => Trial.IsBack(bed, "b1"));
        Restart("d1");
        bed.Until(() => bed.Sim("d1").Serves && bed.Sim("d1").Run > 1);
        bed.TryUntil(() => bed.Effects.Any(e => e is { Node: "c1", Kind: "stop" }), TimeSpan.FromSeconds(100));
        Restart("b1");
        bed.TryUntil(() => Trial.IsOver(bed, id), TimeSpan.FromHours(1));
        return Trial.Of(bed, bed.Verdict().QuorumEverLost);

        void Restart(string node) => _ = bed.World.Agenda.Run(() => bed.Sim(node).Unit.RestartAsync(Cause.Nobody));
    });

    [Fact]
    public void H46_without_a_look_at_the_unit_a_node_does_not_come_back_from_the_next_boot() => Trial.Shows("it would not start at a boot", blind => Trial.Of(
        new WorkflowCase("rolling_reboot") { Options = blind ? new BedOptions().Without(typeof(ServiceEnabled)) : new BedOptions(), Target = new Target.Named(["b1"]) },
        run =>
        {
            if (run.Job.End?.Outcome == JobOutcome.Succeeded)
            {
                run.Bed.World.Agenda.Run(() => run.Bed.Sim("b1").Machine.Reboot(Cause.Nobody));
                run.Bed.Pass(TimeSpan.FromMinutes(20));
            }

            return run.Job.End?.Outcome == JobOutcome.Succeeded && !run.Bed.Sim("b1").Serves;
        },
        run =>
        {
            run.Until(() => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "enable" }), "the unit switched on again");
            run.Bed.World.Agenda.Run(() => run.Bed.Sim("b1").Machine.Units.Enable(ScyllaUnit.Name, on: false, Cause.Nobody));
        }));

    [Fact]
    public void H47_without_a_look_at_the_answer_itself_the_next_zone_goes_down_although_cql_stayed_closed() => Trial.Shows("is NORMAL but CQL is closed", blind => Trial.Of(
        new WorkflowCase("rolling_restart")
        {
            Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 1)) },
            Target = new Target.Named(["c1", "d1"]),
            Prepare = bed =>
            {
                if (blind)
                {
                    Blindings.H47(bed);
                }
            },
        },
        run => run.Bed.Verdict().QuorumEverLost,
        run =>
        {
            run.Until(() => Trial.IsBack(run.Bed, "c1") || Trial.IsBack(run.Bed, "d1"), "the first start");
            _ = run.Bed.World.Agenda.Run(() => run.Bed.Sim(Trial.IsBack(run.Bed, "c1") ? "c1" : "d1").SetCql(on: false, Cause.Nobody));
        }));

    [Fact]
    public void H48_with_addresses_found_in_longer_ones_a_node_that_one_does_not_see_counts_as_seen() => Trial.Shows("does not see b1 up", blind => Trial.Of(
        new WorkflowCase("rolling_restart")
        {
            Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 4), ("c", 3), ("d", 3)) }.Without(typeof(HintsDrained)),
            Target = new Target.Named(["b1", "c1"]),
            Prepare = bed =>
            {
                bed.Arm(FaultKind.GossipLag, "b1", seconds: 100_000);
                if (blind)
                {
                    Blindings.H48(bed);
                }
            },
        },
        run => run.Bed.Effects.Any(e => e is { Node: "c1", Kind: "stop" })));

    private static void HangAnd(EngineBed bed, Action<EngineBed>? blind)
    {
        bed.Arm(FaultKind.DrainHangs, "b1");
        blind?.Invoke(bed);
    }
}
