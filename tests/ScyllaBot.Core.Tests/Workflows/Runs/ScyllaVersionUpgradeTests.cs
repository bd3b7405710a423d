using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class ScyllaVersionUpgradeTests : WorkflowContract
{
    private protected override WorkflowCase Case => To(Releases.Next);

    private protected override string[] Waves => ["b1", "b2", "c1", "d1"];

    [Theory]
    [InlineData(Trouble.StartFails, Way.Retry)]
    [InlineData(Trouble.DrainHangs, Way.BringUp)]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.NeighbourDies, Way.Holds)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void The_first_node_is_watched_and_a_human_decides_before_the_last()
    {
        using var run = new WorkflowRun(Case).Start().ToEnd();
        var released = run.Bed.Events.OfType<NodeReleased>().Select(r => r.At).ToArray();
        var held = run.Bed.Events.OfType<NodeHeld>().Select(h => h.At).ToArray();
        Assert.True(held[1] - released[0] >= TimeSpan.FromMinutes(30), $"{held[1] - released[0]}");
        Assert.True(held[2] - released[1] < TimeSpan.FromMinutes(5), $"{held[2] - released[1]}");
        var asked = Assert.Single(run.Bed.Events.OfType<ApprovalAsked>(), a => a.Key != Approvals.Start);
        Assert.InRange(asked.At, released[2], held[3]);
        Assert.Contains("only a backup leads back", asked.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void H28_without_the_approval_the_last_node_stays_as_it_is()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Events.Any(e => e is ApprovalAsked a && a.Key != Approvals.Start), "the gate");

        // Well within the week that it stays open.
        run.Bed.Pass(TimeSpan.FromDays(2));
        Assert.Equal(Releases.Found, Releases.VersionOf(run.Bed, "d1"));
        Assert.True(run.Job.IsAtSafePoint);
    }

    [Fact]
    public void A_release_must_not_be_left_out()
    {
        using var run = new WorkflowRun(To(Releases.AfterNext));
        Assert.Contains("2026.2 is not followed by 2026.4 but by 2026.3", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.Empty(run.Bed.Effects);

        using var allowed = new WorkflowRun(To(Releases.AfterNext).With("also", "2026.2-2026.4"));
        allowed.Start().ToEnd();
        Releases.AllRun(allowed, Releases.AfterNext);
    }

    [Fact]
    public void Two_old_versions_are_an_upgrade_that_was_not_finished()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => Releases.Run(bed, Releases.Patch, "c1") });
        Assert.Contains("2026.2.5 on b1, b2, d1; 2026.2.6 on c1: finish the upgrade", run.Start().ToHalt(), StringComparison.Ordinal);
    }

    [Fact]
    public void Roll_node_back_puts_the_old_version_back_as_long_as_there_is_a_way_R4()
    {
        using var run = new WorkflowRun(Case);
        run.Bed.Arm(FaultKind.StartFails, "b2", run.Case.Starts);
        run.Start().ToHalt();
        run.BringUp("b2");
        Assert.Equal((Releases.Next, Releases.Found), (Releases.VersionOf(run.Bed, "b1"), Releases.VersionOf(run.Bed, "b2")));
        run.Retry().ToEnd();
        run.Judge();
        Achieved(run);
    }

    [Fact]
    public void The_last_node_is_brought_up_as_it_is_and_not_taken_back()
    {
        using var run = new WorkflowRun(Case);
        run.Bed.Arm(FaultKind.StartFails, "d1", run.Case.Starts);
        run.Start().ToHalt();
        run.BringUp("d1");
        Assert.Equal(Releases.Next, Releases.VersionOf(run.Bed, "d1"));
    }

    [Fact]
    public void H25_other_shards_under_the_new_version_stop_it_at_the_first_node()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "install scylla" }), "the packages");
        run.Bed.Sim("b1").Machine.Shards = 4;
        Assert.Contains("b1 runs on 4 shards, before it was 2", run.ToHalt(), StringComparison.Ordinal);
    }

    private protected override void Achieved(WorkflowRun run)
    {
        Releases.AllRun(run, Releases.Next);
        Assert.All(run.Bed.World.Nodes, n => Assert.Equal(
            [$"scp-before_upgrade-{run.Id}", $"scp-before_upgrade_system-{run.Id}"], n.Store.Snapshots.Keys));
        Assert.Contains(run.Gates, g => g.Contains("Upgrade the last node?", StringComparison.Ordinal));

        // They are kept on purpose, and on the cluster's list until they are cleared.
        Assert.Equal(8, run.Bed.Stored(s => s.DebtsAsync(new DebtFilter(run.Bed.Cluster.Name), default)).Count(d => d.Kind == DebtKind.Snapshot));
    }

    private static WorkflowCase To(string version) => new WorkflowCase("scylla_version_upgrade")
    {
        AtMost = TimeSpan.FromDays(2), Options = new BedOptions { Plan = WithSystemKeyspaces },
    }
        .With("version", version).With("packages", Releases.PackageOf(version)).With("packages_before", Releases.PackageOf(Releases.Found));

    private static ClusterPlan WithSystemKeyspaces(Dice dice)
    {
        var plan = BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1));
        return plan with
        {
            Keyspaces =
            [
                .. plan.Keyspaces, new Keyspace("system", Strategy.Local, 1, [Table.OfVnodes("local")]),
                new Keyspace("system_schema", Strategy.Local, 1, [Table.OfVnodes("tables")]),
            ],
        };
    }
}
