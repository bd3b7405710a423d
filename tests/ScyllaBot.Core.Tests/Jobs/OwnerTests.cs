using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R21: a job is handed over, and neither of its owners approves it; tuning only tightens.</summary>
public sealed class OwnerTests : IDisposable
{
    private static readonly Person Zoe = new("300000000000000003", "zoe");
    private EngineBed _bed = new();

    [Fact]
    public void R21_a_job_that_was_handed_over_calls_its_new_owner_and_no_other()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        Yes(_bed.Press(c => c.HandOverAsync(Mara, id, Zoe, Rights.Read | Rights.Operate, default)));
        Assert.Equal(Zoe, _bed.Job(id).Owner);
        Assert.Equal(Zoe, Assert.Single(_bed.Stored(s => s.ListJobsAsync(new JobFilter(), default))).Operator);
        _bed.UntilState(id, JobState.Halted);
        var halt = _bed.Stored(s => s.OutboxAsync(id, default)).Single(r => r.Kind == OutboxItems.Halt);
        Assert.Equal(Zoe.Id, Assert.Single(NoticeJson.Read(halt.Payload).Mentions.People));
        var told = _bed.Stored(s => s.OutboxAsync(id, default)).Single(r => r.Kind == OutboxItems.Hand);
        Assert.Equal(Zoe.Id, Assert.Single(NoticeJson.Read(told.Payload).Mentions.People));
    }

    [Fact]
    public void R21_neither_the_requester_nor_a_later_owner_approves()
    {
        var id = _bed.Start();
        Yes(_bed.Press(c => c.HandOverAsync(Mara, id, Jon.Person, Jon.Rights, default)));
        Assert.Contains("somebody else", NotYou(_bed.Approve(id, by: Jon)), StringComparison.Ordinal);
        Assert.Contains("somebody else", NotYou(_bed.Approve(id, by: Mara)), StringComparison.Ordinal);
        Yes(_bed.Approve(id, by: Mara with { Person = Zoe }));
    }

    [Fact]
    public void R21_only_its_owner_or_an_approver_hands_it_over_and_only_to_an_operator()
    {
        var id = _bed.Start();
        Assert.Contains("Only its owner", NotYou(_bed.Press(c => c.HandOverAsync(Operator, id, Zoe, Rights.Operate, default))), StringComparison.Ordinal);
        Assert.Contains("no operator right", NotNow(_bed.Press(c => c.HandOverAsync(Mara, id, Zoe, Rights.Read, default))), StringComparison.Ordinal);
        Assert.Contains("owns it already", No(_bed.Press(c => c.HandOverAsync(Jon, id, Mara.Person, Rights.Operate, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.HandOverAsync(Jon, id, Zoe, Rights.Operate, default)));
    }

    [Fact]
    public void R21_on_production_whoever_owned_the_job_once_does_not_skip_its_nodes()
    {
        Use(new BedOptions { Environment = ClusterEnvironment.Production });
        _bed.Ports.Fate = call => call is { Changes: true, Node: "b1" } && call.What.StartsWith("POST", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        var id = _bed.Run();
        Yes(_bed.Press(c => c.HandOverAsync(Mara, id, Zoe, Rights.Operate, default)));
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Mara, id, null, default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Assert.Contains("another approver", NotYou(_bed.Press(c => c.SkipAsync(Mara, id, "b1", default))), StringComparison.Ordinal);
        Assert.Contains("another approver", NotYou(_bed.Press(c => c.SkipAsync(Jon with { Person = Zoe }, id, "b1", default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.SkipAsync(Jon, id, "b1", default)));
    }

    [Fact]
    public void A_tuned_limit_counts_from_the_next_choice_of_a_node_and_never_rises_above_the_plan()
    {
        Use(new BedOptions { Plan = d => BedClusters.Plan(d, ("b", 4), ("c", 1), ("d", 1)) });
        var id = _bed.Run(Request(limit: 2));
        _bed.Until(() => _bed.Job(id).Held.Count == 2);
        Yes(_bed.Press(c => c.TuneAsync(Operator, id, 1, null, default)));
        Assert.Contains("more than was planned", No(_bed.Press(c => c.TuneAsync(Operator, id, 3, null, default))), StringComparison.Ordinal);
        _bed.UntilState(id, JobState.Ended);
        var held = 0;
        foreach (var e in _bed.Events.SkipWhile(e => e is not Tuned).SkipWhile(e => e is not NodeReleased).Skip(1).SkipWhile(e => e is not NodeReleased).Skip(1))
        {
            held += e is NodeHeld ? 1 : e is NodeReleased ? -1 : 0;
            Assert.InRange(held, 0, 1);
        }

        Assert.Equal(6, _bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void A_job_tuned_to_stop_ends_after_that_many_nodes_and_names_those_left_out()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Job(id).Held.Count == 1);
        Yes(_bed.Press(c => c.TuneAsync(Operator, id, null, 2, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(["b1", "b2"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node));
        Assert.Equal(["c1", "d1"], _bed.Job(id).SkippedNodes.Keys);
    }

    [Fact]
    public void A_job_tuned_to_stop_still_goes_over_all_of_the_ring_where_its_workflow_does()
    {
        Use(BedWorkflows.Own("- task: !probe", after: "- task: !node-workflow\n    name: Ring\n    nodes: ring\n    node_tasks:\n      - task: !probe\n          does: ring"));
        var ran = new List<string>();
        _bed.Ports.ProbeAsync = async (does, context, ct) =>
        {
            ran.Add($"{does} {((NodeContext)context).Node.Name}");
            await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
        };
        var id = _bed.Start(Own("b1", "b2"));
        _bed.Until(() => ran.Count == 1);
        Yes(_bed.Press(c => c.TuneAsync(Operator, id, null, 1, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["nothing b1", "ring b1", "ring c1", "ring d1"], ran);
        Assert.Equal(["b2"], _bed.Job(id).SkippedNodes.Keys);
    }

    [Fact]
    public void What_was_tuned_survives_a_restart_and_is_taken_back_by_zero()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Job(id).Held.Count == 1);
        Yes(_bed.Press(c => c.TuneAsync(Operator, id, null, 1, default)));
        _bed.Kill();
        _bed.StartHost();
        Assert.Equal(new JobTuning(null, 1), _bed.Job(id).Tuning);
        Yes(_bed.Press(c => c.TuneAsync(Operator, id, null, 0, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R15_a_skip_looks_at_the_cluster_as_a_retry_does()
    {
        _bed.Ports.Fate = call => call is { Changes: true, Node: "b1" } && call.What.StartsWith("POST", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Mara, id, null, default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", "11111111-2222-4333-8444-555555555555", StringComparison.Ordinal) : body;
        _bed.Pass(TimeSpan.FromSeconds(10));
        Assert.Contains("Another machine", No(_bed.Press(c => c.SkipAsync(Jon, id, "b1", default))), StringComparison.Ordinal);
        Assert.Equal(JobState.Halted, _bed.Job(id).State);
        _bed.Ports.Rewrite = (_, body) => body;
        _bed.Pass(TimeSpan.FromSeconds(10));
        Yes(_bed.Press(c => c.SkipAsync(Jon, id, "b1", default)));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
