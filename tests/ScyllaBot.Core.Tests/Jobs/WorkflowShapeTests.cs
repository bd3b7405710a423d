using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>Workflows of other shapes than a restart.</summary>
public sealed class WorkflowShapeTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void A_second_node_workflow_goes_through_every_zone_too()
    {
        Use(BedWorkflows.Own("- task: !probe\n    does: first", after: """
            - task: !node-workflow
                name: Again
                node_tasks:
                  - task: !probe
                      does: second
            """));
        var seen = new List<string>();
        _bed.Ports.ProbeAsync = (does, context, _) =>
        {
            seen.Add($"{does} {((Core.Clusters.NodeContext)context).Node.Name}");
            return Task.CompletedTask;
        };
        _bed.UntilState(_bed.Start(Own()), JobState.Ended);
        Assert.Equal(["first b1", "first b2", "first c1", "first d1", "second b1", "second b2", "second c1", "second d1"], seen);
    }

    [Fact]
    public void A_pause_does_not_wait_for_the_question_after_a_nodes_health_wait()
    {
        Use(BedWorkflows.Own("""
            - task: !take-down
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
            - task: !probe
              approval:
                message: Go on?
            """));
        var id = _bed.Run(Own("b1"));
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Count() == 2);
        Assert.True(_bed.Job(id).IsAtSafePoint);
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        Yes(_bed.Approve(id, "1.3@b1"));
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void When_the_time_of_a_node_workflow_is_over_nodes_at_work_finish_and_no_other_starts()
    {
        Use(new BedOptions
        {
            Workflows =
            [
                ("own.yaml", """
                    name: Own
                    cluster_tasks:
                      - timeout_seconds: 90
                        task: !node-workflow
                          name: Nodes
                          node_tasks:
                            - task: !probe
                    """),
            ],
        });
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromSeconds(60), context.Time, ct);
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal(["b1", "b2"], _bed.Events.OfType<StepSucceeded>().Select(s => s.Key.Node));
        Assert.Equal(TimeSpan.FromSeconds(120), _bed.Job(id).Halt!.At - _bed.Job(id).Birth.At);
        Assert.Contains("deadline", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_a_workflow_tolerates_goes_on_and_one_that_skips_the_node_drops_its_other_steps()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
                does: shrug
              on_failure: continue
            - task: !probe
                does: leave
              on_failure: skip_node
            - task: !probe
                does: last
            """));
        _bed.Ports.ProbeAsync = (does, context, _) => (does, ((Core.Clusters.NodeContext)context).Node.Name) switch
        {
            ("shrug", _) or ("leave", "b2") => throw new UnrecoverableException(does),
            _ => Task.CompletedTask,
        };
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(["b1", "c1", "d1"], _bed.Events.OfType<StepSucceeded>().Where(s => s.Key.Path == "1.3").Select(s => s.Key.Node));
        Assert.Equal("b2", Assert.Single(_bed.Job(id).SkippedNodes.Keys));
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void Always_steps_run_after_an_abort_and_abort_now_gives_a_hopeless_one_up()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n    does: work", top: "always:\n  - task: !probe\n      does: undo\n  - task: !probe\n      does: tell"));
        _bed.Ports.ProbeAsync = (does, context, ct) => does switch
        {
            "work" => Task.Delay(TimeSpan.FromHours(1), context.Time, ct),
            "undo" => throw new UnrecoverableException("can not be undone"),
            _ => Task.CompletedTask,
        };
        var id = _bed.Start(Own());
        _bed.Pass(TimeSpan.FromMinutes(1));
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: true, default)));
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        _bed.Until(() => _bed.Events.OfType<Halted>().Count() == 2);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: true, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Equal(StepStatus.Skipped, _bed.Job(id).Step(JobPaths.Always(0))!.Status);
        Assert.Equal(StepStatus.Succeeded, _bed.Job(id).Step(JobPaths.Always(1))!.Status);
    }

    [Fact]
    public void A_task_says_what_it_says_once_however_often_it_runs()
    {
        Use(BedWorkflows.OfCluster("- task: !send-webhook-message\n    channels: [ops]\n    message: hello\n- task: !probe"));
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromMinutes(10), context.Time, ct);
        _bed.Store.DiesAt = 3;
        var plan = _bed.Plan(Own());
        Assert.False(_bed.TryDo(() => _bed.Control.StartAsync(Mara, plan, default), out _)
            && _bed.TryUntil(() => _bed.Store.HasDied, TimeSpan.FromMinutes(1)) && !_bed.Store.HasDied);
        _bed.TryUntil(() => false, TimeSpan.FromSeconds(1));
        _bed.StartHost();
        var id = _bed.Stored(s => s.FindByRequestAsync(plan.Request.RequestId, default))!.Value;
        _bed.UntilState(id, JobState.Ended);
        Assert.Single(_bed.Events.OfType<Announced>());
        Assert.Single(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == "say");
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
