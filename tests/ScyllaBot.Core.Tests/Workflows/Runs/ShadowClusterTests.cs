using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class ShadowClusterTests : WorkflowContract
{
    private const string First = "scylla-mini-us-east1-b-1";

    private static readonly string[] Machines = [First, "scylla-mini-us-east1-c-1", "scylla-mini-us-east1-d-1"];

    private static readonly BedOptions Options = new()
    {
        Plan = dice => ClusterPlan.Shadow(BedClusters.Name, "10.0.5.", BedClusters.Source(dice), dice),
        Beside = dice => [BedClusters.Source(dice)],
        Environment = ClusterEnvironment.Staging,
        SparesAreNew = true,
        Enables = ["shadow-cluster", "tear-down"],
    };

    private protected override WorkflowCase Case => Whole;

    /// <summary>The whole life of one shadow.</summary>
    internal static WorkflowCase Whole => new WorkflowCase("shadow_cluster")
    {
        Options = Options,
        Answer = text => text.StartsWith("Type the name", StringComparison.Ordinal) ? BedClusters.Name : text.StartsWith("The verdict", StringComparison.Ordinal) ? "passed" : null,
        Victim = First,
        Neighbour = Machines[1],
        At = "copy",
        Manifold = ["repair"],
        AtMost = TimeSpan.FromDays(10),
    }.With("source", BedClusters.SourceName).With("keyspaces", "discord").With("first_node", First).With("soak", "3600").With("soak_patience", "14400").With("sample_percent", "10").With("min_sample", "1000");

    private protected override string[] Waves => Machines;

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void People_are_asked_before_dual_writes_for_the_verdict_for_the_name_and_twice_before_the_end()
    {
        using var run = new WorkflowRun(Case).Start().ToEnd();
        Assert.Equal(
            [
                "Send 100 % of the writes of origin to mini as well", "The verdict on mini as a copy of origin is in the message before this one. What do people say?",
                "Type the name of the cluster that is to be destroyed, with its disks. It can not be undone.", "Destroy every host of mini with its disks",
            ], run.Gates);
        Assert.Equal(["ada", "jon"], run.Job.Approvals.Values.Single(a => a.Asked.Count == 2).Given.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Contains(": positive.", Verdict(run), StringComparison.Ordinal);

        // Dual writes before the copy (facts 4.14), and nothing is sent any more when the machines go.
        string[] kinds = ["provision", "found", "join", "dual-writes-on", "copy", "compare-on", "compare-off", "dual-writes-off", "destroy"];
        Assert.Equal(kinds, run.Bed.Effects.Select(e => e.Kind).Where(kinds.Contains).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Mismatches_above_the_threshold_make_the_verdict_negative_and_it_is_torn_down_all_the_same()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Effects.Any(e => e.Kind == "copy"), "the copy");
        run.Bed.Arm(FaultKind.WritesLost, null, seconds: 7200);
        run.ToEnd().Judge();
        Assert.Contains(": NEGATIVE. Reads match the source: no, ", Verdict(run), StringComparison.Ordinal);
        Assert.Contains("reads differ", Verdict(run), StringComparison.Ordinal);
        Assert.Empty(run.Pings);
        Achieved(run);
    }

    [Fact]
    public void A_provisioner_that_stops_half_way_goes_on_from_there()
    {
        using var run = new WorkflowRun(Case);
        run.Bed.Arm(FaultKind.ProvisionFails, Machines[1]);
        run.Start().ToEnd().Judge();
        Assert.Equal(Machines, run.Bed.Effects.Where(e => e.Kind == "provision").Select(e => e.Node));
        Assert.Contains("quota exceeded: 1 of 3", string.Join('\n', run.Bed.Events.OfType<StepFailed>().Select(f => f.Why)), StringComparison.Ordinal);
        Assert.Empty(run.Pings);
        Achieved(run);
    }

    [Fact]
    public void A_copy_that_dies_is_begun_anew_under_another_name()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Bed.Arm(FaultKind.CopyDies, null);
        run.ToEnd().Judge();
        Assert.Equal(["failed", "done"], Mirror(run.Bed).Copies.Select(c => c.State));
        Assert.Empty(run.Pings);
        Achieved(run);
    }

    [Fact]
    public void Aborted_in_the_soak_it_leaves_nothing_switched_on_and_the_hosts_as_a_debt()
    {
        using var run = new WorkflowRun(Case).Start();
        var compared = run.Bed.Plan(run.Case.Request() with { RequestId = "look" }).Steps.Single(s => s.Title == "Wait until reads match").Path;
        run.Until(() => run.Bed.Events.OfType<StepSucceeded>().Any(s => s.Key.Path == compared), "the soak");
        run.Bed.Pass(TimeSpan.FromMinutes(10));
        Assert.True(Mirror(run.Bed).IsMirroring && Mirror(run.Bed).IsComparing);
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: true, default));
        run.Until(() => run.Job.State == JobState.Ended, "the end");
        NothingIsFed(run.Bed);
        TheSourceIsUntouched(run.Bed);
        Assert.Equal(DebtKind.ShadowHosts, Assert.Single(run.Bed.Stored(s => s.DebtsAsync(new DebtFilter(BedClusters.Name), default))).Kind);
        Assert.All(run.Bed.World.Clusters[0].Machines, m => Assert.True(m.Machine.Exists));
    }

    [Fact]
    public void H49_it_is_not_torn_down_while_anybody_asks_it_for_anything()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Gates.Count == 2, "the verdict's answer");
        run.Bed.World.Agenda.Run(() => Mirror(run.Bed).Stray(40));
        Assert.Contains("still serves", run.ToHalt(), StringComparison.Ordinal);
        Assert.All(run.Bed.World.Clusters[0].Machines, m => Assert.True(m.Machine.Exists));
        NothingIsFed(run.Bed);

        run.Bed.World.Agenda.Run(() => Mirror(run.Bed).Stray(0));
        run.Retry().ToEnd().Judge();
        Achieved(run);
    }

    [Theory]
    [InlineData("provision"), InlineData("found"), InlineData("join"), InlineData("dual-writes-on"), InlineData("repair"), InlineData("compare-on"), InlineData("compare-off")]
    [InlineData("dual-writes-off"), InlineData("destroy")]
    public void The_bot_may_be_killed_anywhere(string effect)
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Effects.Any(e => e.Kind == effect), effect);
        run.Bed.Kill();
        run.Bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(run.Bed.StartHost());
        run.ToEnd().Judge();
        Assert.Equal(3, run.Bed.Effects.Count(e => e.Kind == "destroy"));
        Assert.Single(run.Bed.Effects, e => e.Kind == "copy");
        Achieved(run);
    }

    [Fact]
    public void R17_production_is_refused_before_anything_is_planned() => Refuses(
        Options with { Environment = ClusterEnvironment.Production }, "mini is production: no shadow cluster is made of it and nothing of it is torn down, whatever the inventory enables (R17)");

    [Fact]
    public void R17_it_is_off_until_the_inventory_enables_both_halves()
    {
        Refuses(Options with { Enables = ["tear-down"] }, "shadow-cluster is off for mini (staging): it is not listed under enables (R17)");
        Refuses(Options with { Enables = ["shadow-cluster"] }, "tear-down is off for mini (staging): it is not listed under enables (R17)");
    }

    [Fact]
    public void A_cluster_can_not_be_the_shadow_of_itself_or_of_one_that_nobody_knows()
    {
        Refuses(Options, "mini can not be the shadow of itself", BedClusters.Name);
        Refuses(Options, "there is no cluster orign in the inventory; origin?", "orign");
    }

    [Theory]
    [InlineData("name"), InlineData("address"), InlineData("host_id"), InlineData("ssh_host")]
    public void H49_a_machine_that_another_cluster_has_as_well_is_never_a_shadows(string what)
    {
        using var run = new WorkflowRun(Case with
        {
            Prepare = bed => bed.StartHost(cluster => cluster with { Nodes = cluster.Nodes.SetItem(1, Overlap(cluster.Nodes[1], bed.Inventory.Clusters[1].Nodes[0], what)) }),
        });
        Assert.Contains("of origin have", run.Refused(), StringComparison.Ordinal);
        Assert.Empty(run.Bed.Effects);
    }

    private static Node Overlap(Node mine, Node theirs, string what) => what switch
    {
        "name" => mine with { Name = theirs.Name },
        "address" => mine with { Address = theirs.Address },
        "host_id" => mine with { HostId = theirs.HostId },
        _ => mine with { Access = new NodeAccess { SshHost = theirs.Name } },
    };

    private void Refuses(BedOptions options, string why, string? source = null)
    {
        using var run = new WorkflowRun((Case with { Options = options }).With("source", source ?? BedClusters.SourceName));
        Assert.Contains(why, run.Refused(), StringComparison.Ordinal);
        Assert.Empty(run.Bed.Effects);
        Assert.Empty(run.Bed.Events);
    }

    private static string Verdict(WorkflowRun run) => Assert.Single(run.Bed.Events.OfType<Announced>(), a => a.Message.StartsWith("Verdict on", StringComparison.Ordinal)).Message;

    private static SimMirror Mirror(EngineBed bed) => bed.World.Clusters[0].Services.OfType<SimMirror>().Single();

    private protected override void Achieved(WorkflowRun run)
    {
        var bed = run.Bed;
        Assert.All(bed.World.Clusters[0].Machines, m => Assert.False(m.Machine.Exists));
        Assert.Empty(bed.World.Clusters[0].Nodes);
        Assert.Empty(run.Job.Debts);
        NothingIsFed(bed);
        TheSourceIsUntouched(bed);
    }

    private static void NothingIsFed(EngineBed bed)
    {
        var mirror = Mirror(bed);
        Assert.Equal((false, false), (mirror.IsMirroring, mirror.IsComparing));
        Assert.DoesNotContain(mirror.Copies, c => c.State == "running");
    }

    private static void TheSourceIsUntouched(EngineBed bed)
    {
        Assert.DoesNotContain(bed.Effects, e => e.Cluster == BedClusters.SourceName);
        var verdict = bed.World.Agenda.Run(() => bed.Oracle.Verdict(BedClusters.SourceName)!);
        Assert.Equal((0, true, false), (verdict.MaxDown, verdict.Healthy, verdict.QuorumEverLost));
        Assert.Equal(0, verdict.Probes.Failed);
    }
}
