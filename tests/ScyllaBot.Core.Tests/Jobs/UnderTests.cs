using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R18: one-off tasks under a job, and the job's own steps beside them.</summary>
public sealed class UnderTests
{
    [Fact]
    public void R18_a_task_that_a_job_took_at_its_very_end_is_done_before_it_ends()
    {
        var taken = 0;
        for (var offset = 0; offset < 60; offset++)
        {
            using var bed = new EngineBed(offset + 1, BedWorkflows.OfCluster("- task: !probe"));
            bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromSeconds(30), context.Time, ct);
            var id = bed.Start(Own());
            var start = StartOf(bed, "c1");
            bed.Until(() => bed.Events.Any(e => e is StepStarted));
            bed.Pass(TimeSpan.FromMilliseconds(29_000 + (offset * 20)));
            taken += bed.Press(c => c.StartAsync(Mara, start, default)) is Outcome.Done done && done.Job == id ? 1 : 0;
            bed.UntilState(id, JobState.Ended);
            bed.Pass(TimeSpan.FromMinutes(1));
            Assert.All(bed.Job(id).Unders.Values, u => Assert.NotNull(u.End));
        }

        Assert.InRange(taken, 5, 59);
    }

    [Fact]
    public void R18_a_step_of_the_job_does_not_begin_beside_a_task_that_is_at_work_on_its_node()
    {
        using var bed = new EngineBed();
        bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = bed.Run();
        bed.UntilState(id, JobState.Halted);
        Yes(bed.Press(c => c.StartAsync(Operator, StartOf(bed, "b1"), default)));
        bed.Until(() => bed.Events.Any(e => e is UnderStarted));
        Yes(bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        bed.UntilState(id, JobState.Ended);

        var events = bed.Events.ToList();
        var retried = events.FindIndex(e => e is RetryAsked);
        Assert.True(events.FindIndex(e => e is UnderEnded) > retried);
        Assert.True(events.FindIndex(retried, e => e is StepStarted { Key.Node: "b1" }) > events.FindIndex(e => e is UnderEnded));
        Assert.True(bed.Verdict().Healthy);
    }

    [Fact]
    public void R18_a_node_is_not_started_while_the_holders_step_on_it_is_about_to_be_tried_again()
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("""
            - task: !scylla-drain
            - task: !systemd-stop-scylla-server
            - task: !take-down
                does: install
              retries: 3
              retry_delay_seconds: 60
            - task: !systemd-start-service
                service: scylla-server
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
            """));
        var failed = 0;
        bed.Ports.ProbeAsync = (what, _, _) => what == "install" && failed++ == 0 ? throw new RecoverableException("the mirror is away") : Task.CompletedTask;
        var id = bed.Run(Own("b1"));
        bed.Until(() => bed.Events.Any(e => e is StepFailed));
        bed.Pass(TimeSpan.FromSeconds(10));
        Assert.Contains("about to be tried again", No(bed.Press(c => c.StartAsync(Operator, StartOf(bed, "b1"), default))), StringComparison.Ordinal);
        bed.UntilState(id, JobState.Ended);
        Assert.Empty(bed.Job(id).Unders);
    }

    [Fact]
    public void R6_a_node_whose_way_out_failed_once_is_watched_again_when_it_is_done()
    {
        using var bed = new EngineBed();
        bed.Arm(FaultKind.StartFails, "b1", count: 20);
        var id = bed.Run();
        bed.UntilState(id, JobState.Halted);
        for (var i = 0; i < 30 && bed.Job(id).Held.ContainsKey("b1"); i++)
        {
            Yes(bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
            bed.Until(() => bed.Job(id).Restoring.IsEmpty);
        }

        Assert.Contains(bed.Job(id).Steps.Values, s => s.Status == StepStatus.Failed && s.Key.Path.Contains(".r", StringComparison.Ordinal));
        Yes(bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        bed.Until(() => bed.Job(id).Held.ContainsKey("c1"));
        Assert.DoesNotContain("b1", bed.Job(id).OwnNodes());
    }

    private static Plan StartOf(EngineBed bed, string node) => Assert.IsType<PlanOutcome.Ready>(bed.Do(() => bed.Control.PlanTaskAsync(
        Operator, new TaskRequest("request-under", "systemd-start-service", BedClusters.Name, node,
            ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("service", "scylla-server"), "why not"), default))).Plan;
}
