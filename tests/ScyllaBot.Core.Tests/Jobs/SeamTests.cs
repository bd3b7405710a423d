using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R18: a long step of the cluster has seams between its units, where it makes room and stops, and does no unit twice.</summary>
public sealed class SeamTests : IDisposable
{
    private const string Repair = "name: Repair\ncluster_tasks:\n  - task: !repair\n    timeout_seconds: 86400";

    private const string Join = """
        name: Join
        repairs: allow
        cluster_tasks:
          - task: !node-workflow
              name: Nodes
              node_tasks:
                - task: !check-new-node
                - task: !salt-highstate
                - task: !wait-for-conditions
                    conditions:
                      - condition: !is-up-normal
                        success_window_seconds: 60
                        poll_interval_seconds: 5
                        timeout_seconds: 3600
                      - condition: !up-for-all-peers
                        timeout_seconds: 600
          - task: !cleanup-cluster
        """;

    private static readonly string[] Twice = ["b1", "b1", "b2", "b2", "c1", "c1", "d1", "d1"];

    private EngineBed _bed = Bed(1);

    [Fact]
    public void R18_a_repair_makes_room_between_its_keyspaces_and_repeats_none_of_them()
    {
        var repair = RunRepair(until: 3);
        var restart = _bed.Run(Request("request-2"));
        _bed.UntilState(restart, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(restart).End!.Outcome);

        // Whoever waited had it after the unit that ran, and none began before it was given back.
        Assert.InRange(_bed.Effects.TakeWhile(e => e.Kind != "stop").Count(e => e.Kind == "repair"), 3, 5);
        Assert.InRange(Units.Length, 3, 5);
        Finish(repair);
        Assert.Equal(Twice, Units.Order(StringComparer.Ordinal));
        Assert.Equal([1L, 2L, 3L], _bed.Events.OfType<LeaseTaken>().Select(l => l.Epoch));
        Assert.Equal(1, _bed.Job(repair).Step(new StepKey("1", null))!.Attempt);
    }

    [Fact]
    public void R18_a_crash_at_any_append_of_a_yield_inside_a_step_loses_no_unit_and_repeats_none()
    {
        for (var dies = 1; dies <= 12; dies++)
        {
            Use(Bed(dies));
            var repair = RunRepair(until: 3);
            var plan = _bed.Plan(Request("request-2"));
            _bed.Store.DiesAt = _bed.Store.Appends + dies;
            _bed.TryDo(() => _bed.Control.StartAsync(Mara, plan, default), out _);
            if (!_bed.Store.HasDied && _bed.Stored(s => s.FindByRequestAsync("request-2", default)) is { } started)
            {
                _bed.TryDo(() => _bed.Control.DecideAsync(Jon, started, Approvals.Start, approve: true, "", default), out _);
            }

            _bed.TryUntil(() => _bed.Store.HasDied, TimeSpan.FromMinutes(20));
            Assert.True(_bed.Store.HasDied, $"there is no append {dies}");
            _bed.Kill();
            _bed.StartHost();
            if (_bed.Stored(s => s.FindByRequestAsync("request-2", default)) is { } restart)
            {
                if (_bed.Job(restart).Approvals["start"].IsOpen)
                {
                    Yes(_bed.Approve(restart));
                }

                Finish(restart);
            }

            Finish(repair);
            Assert.Equal(Twice, Units.Order(StringComparer.Ordinal));
            Assert.True(_bed.Verdict().Healthy);
        }
    }

    [Fact]
    public void R18_units_of_a_ring_that_another_job_changed_meanwhile_are_units_no_more()
    {
        Use(new EngineBed(1, new BedOptions
        {
            Workflows = [("join.yaml", Join), ("repair.yaml", Repair)], SparesAreNew = true,
            Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice),
        }));
        var repair = RunRepair(until: 3);
        var join = _bed.Run(Request("request-2", workflow: "join", target: new Target.Named(["b3"])));
        _bed.UntilState(join, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(join).End!.Outcome);
        var before = Units.Length;
        Assert.InRange(before, 3, 5);

        // All ranges anew; whoever is new is not this job's to touch (R27), and so it does not claim that the ring is whole.
        _bed.UntilState(repair, JobState.Halted);
        Assert.Equal(Twice, Units.Skip(before).Order(StringComparer.Ordinal));
        Assert.StartsWith($"b3 ({_bed.Sim("b3").Id.HostId}) is in the ring and not this job's to touch", _bed.Job(repair).Halt!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void R3_a_paused_repair_ends_the_unit_at_hand_and_goes_on_with_the_next_one()
    {
        var repair = RunRepair(until: 2);
        _bed.Until(() => Repairing);
        Yes(_bed.Press(c => c.PauseAsync(Reader, repair, default)));
        _bed.UntilState(repair, JobState.Paused);
        Assert.Equal((3, false), (Units.Length, Repairing));
        _bed.Pass(TimeSpan.FromHours(3));
        Assert.Equal(3, Units.Length);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, repair, default)));
        Finish(repair);

        // Long enough for the nodes to have forgotten what they did.
        Assert.Equal(Twice, Units.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void R5_an_aborted_repair_is_not_cut_in_a_unit_and_begins_no_other()
    {
        var repair = RunRepair(until: 2);
        _bed.Until(() => Repairing);
        Yes(_bed.Press(c => c.AbortAsync(Mara, repair, now: true, default)));
        _bed.UntilState(repair, JobState.Ended);
        Assert.Equal((JobOutcome.Aborted, 3, false), (_bed.Job(repair).End!.Outcome, Units.Length, Repairing));
    }

    public void Dispose() => _bed.Dispose();

    private string[] Units => [.. _bed.Effects.Where(e => e.Kind == "repair").Select(e => e.Node!)];

    private bool Repairing => _bed.World.Nodes.Any(n => n.Repairs.Active.Any());

    private static EngineBed Bed(int seed) => new(seed, new BedOptions { Workflows = [("restart.yaml", BedWorkflows.Restart), ("repair.yaml", Repair)] });

    private JobId RunRepair(int until)
    {
        var id = _bed.Start(Request(workflow: "repair"));
        if (_bed.Job(id).Approvals.ContainsKey(Approvals.Start))
        {
            Yes(_bed.Approve(id));
        }

        _bed.Until(() => Units.Length >= until);
        return id;
    }

    private void Finish(JobId id)
    {
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    private void Use(EngineBed bed)
    {
        _bed.Dispose();
        _bed = bed;
    }
}
