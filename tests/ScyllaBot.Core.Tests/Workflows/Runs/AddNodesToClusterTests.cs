using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class AddNodesToClusterTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("add_nodes_to_cluster")
    {
        Options = new BedOptions
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice).WithSpare("c", dice).WithSpare("d", dice), SparesAreNew = true,
        },
        Target = new Target.Named(["b3", "c2", "d2"]),
        Victim = "b3",
        Neighbour = "b2",
        At = "join",
    };

    private protected override string[] Waves => ["b3", "c2", "d2"];

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.StartFails, Way.BringUp)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    /// <summary>Task by task and input by input; what stands after it in the file is ours.</summary>
    [SharedFact]
    public void The_second_listing_of_the_article_runs_inside_it()
    {
        var article = SharedFactAttribute.Read("design/article.md");
        var listing = article[article.IndexOf("- task: !node-workflow\n    name: Join nodes", StringComparison.Ordinal)..].Split('\n')
            .TakeWhile(l => l.Length == 0 || l[0] is ' ' or '-').Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        var own = WorkflowFolder.All.Single(f => f.File == "add_nodes_to_cluster.yaml").Text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        var at = Enumerable.Range(0, own.Length).Single(i => own[i..].Take(listing.Length).SequenceEqual(listing, StringComparer.Ordinal));
        Assert.True(at > 0 && listing.Length > 15);
    }

    [Fact]
    public void A_join_that_hangs_halts_after_its_day_and_goes_on_when_somebody_waits_longer()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => bed.Arm(FaultKind.JoinHangs, "b3", seconds: 26 * 3600), AtMost = TimeSpan.FromDays(3) });
        Assert.Contains("gave up after 86400 s", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.Single(run.Pings);
        Assert.Equal(OperationMode.Bootstrap, run.Bed.Sim("b3").Mode);
        run.Retry().ToEnd().Judge();
        Achieved(run);
    }

    [Fact]
    public void R5_a_join_in_flight_is_not_cut_by_abort_now_and_the_lease_is_kept_until_it_has_ended()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => bed.Arm(FaultKind.JoinHangs, "b3", seconds: 3600) }).Start();
        run.Until(() => run.Bed.Sim("b3").Mode == OperationMode.Bootstrap, "the join");
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: true, default));
        run.Bed.Pass(TimeSpan.FromMinutes(30));
        Assert.True(run.Job is { State: JobState.Aborting, LeaseEpoch: > 0 });
        run.Until(() => run.Job.State == JobState.Ended, "the end");

        Assert.Equal((RingState.Normal, true), (run.Bed.Sim("b3").Ring, run.Bed.Sim("b3").Serves));
        Assert.Single(run.Bed.Effects, e => e.Kind == "join");

        // It has joined all the same: what that leaves owing outlives the job, and nobody leaves before it is paid.
        var debt = Assert.Single(run.Bed.Stored(s => s.DebtsAsync(new DebtFilter(BedClusters.Name), default)), d => d.Kind == DebtKind.Cleanup);
        Assert.Equal(("cleanup-cluster", DebtNature.Owed), (debt.Undo.Task, debt.Nature));
    }

    [Fact]
    public void R5_a_node_that_dies_during_a_join_bans_the_joiner_and_its_retry_is_refused()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Sim("b3").Mode == OperationMode.Bootstrap, "the join");
        run.Bed.Pass(TimeSpan.FromSeconds(15));
        run.Bed.World.Agenda.Run(() => run.Bed.Sim("c1").Kill(Cause.Nobody));

        var why = run.ToHalt();
        Assert.Contains("the join of b3 failed", why, StringComparison.Ordinal);
        Assert.Contains("rejoin_nodes", why, StringComparison.Ordinal);
        Assert.Contains("There is nothing to retry", BedPeople.No(run.Bed.Do(c => c.RetryAsync(WorkflowRun.Mara, run.Id, extend: false, default))), StringComparison.Ordinal);

        // Settled and skipped, the others join once everybody is up again.
        _ = run.Bed.World.Agenda.Run(() => run.Bed.Sim("c1").Unit.StartAsync(Cause.Nobody, "power-on"));
        run.BringUp("b3");
        Assert.Equal(("failed", false), (run.Bed.Sim("b3").Unit.ActiveState, run.Bed.Sim("b3").Machine.Units.IsEnabled(ScyllaUnit.Name)));
        run.Press(c => c.SkipAsync(BedPeople.Jon, run.Id, "b3", default));
        run.ToEnd();
        Assert.Equal(JobOutcome.Succeeded, run.Job.End!.Outcome);
        Assert.Equal((RingState.Left, RingState.Normal, RingState.Normal), (run.Bed.Sim("b3").Ring, run.Bed.Sim("c2").Ring, run.Bed.Sim("d2").Ring));
        Assert.False(run.Bed.Verdict().QuorumEverLost);
    }

    [Fact]
    public void R5_a_banned_join_offers_wipe_and_rejoin_as_a_button_that_leads_to_its_plan()
    {
        using var run = new WorkflowRun(Case with { Options = Case.Options with { Enables = ["wipe-data"] } }).Start();
        run.Until(() => run.Bed.Sim("b3").Mode == OperationMode.Bootstrap, "the join");
        run.Bed.Pass(TimeSpan.FromSeconds(15));
        run.Bed.World.Agenda.Run(() => run.Bed.Sim("c1").Kill(Cause.Nobody));
        run.ToHalt();
        var card = Core.Chat.JobCard.Render(run.Bed.Do(() => run.Bed.Control.ShowAsync(run.Id, default))!, run.Bed.Time.GetUtcNow(), sandbox: true);
        Assert.Single(card.Choices, c => c.Id == $"scp:v1:rejoin:{run.Id}:b3");

        _ = run.Bed.World.Agenda.Run(() => run.Bed.Sim("c1").Unit.StartAsync(Cause.Nobody, "power-on"));
        run.Bed.Pass(TimeSpan.FromMinutes(3));
        var plan = Assert.IsType<PlanOutcome.Ready>(run.Bed.Do(() => run.Bed.Control.PlanRejoinAsync(WorkflowRun.Mara, run.Id, "b3", default))).Plan;
        Assert.Equal(("rejoin_nodes", "b3"), (plan.Request.Workflow, Assert.Single(plan.Targets).Name));
        Assert.Contains(plan.Concerns, c => c.Contains("abort it before", StringComparison.Ordinal));
    }

    [Fact]
    public void H18_a_machine_with_itself_as_a_seed_is_found_before_any_other_one_joins()
    {
        using var run = new WorkflowRun(Case with
        {
            Prepare = bed => bed.Sim("d2").Machine.Files.Find(
                MachineFiles.ScyllaYaml, $"seed_provider:\n    - class_name: x\n      parameters:\n          - seeds: \"{bed.Sim("d2").Id.Address}\"\n"),
        });
        Assert.Contains("d2 does not fit", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind is "join" or "start");
    }

    [Fact]
    public void H12_whoever_skips_the_cleanup_can_not_decommission()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Sim("b3").Serves && run.Job.Held.Count == 0, "the first join");
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: false, default));
        run.Until(() => run.Job.State == JobState.Ended, "the end");

        var plan = run.Bed.Plan(new RunRequest("request-2", "decommission_nodes", BedClusters.Name, new Target.Named(["b1"]), ImmutableSortedDictionary<string, string>.Empty, "because"), WorkflowRun.Mara);
        var second = BedPeople.Yes(run.Bed.Do(c => c.StartAsync(WorkflowRun.Mara, plan, default)));
        BedPeople.Yes(run.Bed.Approve(second));
        run.Bed.Until(() => run.Bed.Job(second).State is JobState.Halted or JobState.Ended, TimeSpan.FromHours(6));
        Assert.Contains("leanup is", run.Bed.Job(second).Halt?.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "decommission");
    }

    private protected override void Achieved(WorkflowRun run)
    {
        var bed = run.Bed;
        Assert.Equal(JobOutcome.Succeeded, run.Job.End!.Outcome);
        Assert.Equal(7, bed.World.Clusters[0].Owners.Length);
        Assert.All(bed.World.Clusters[0].Owners, n => Assert.Equal((true, CleanupStatus.Clean), (n.Serves, n.Cleanup)));
        Assert.Equal(["b3", "c2", "d2"], bed.Effects.Where(e => e.Kind == "join").Select(e => e.Node));
        Assert.Empty(run.Job.Debts);
    }
}
