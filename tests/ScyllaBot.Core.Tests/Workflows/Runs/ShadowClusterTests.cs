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

    private protected override WorkflowCase Case => new WorkflowCase("shadow_cluster")
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
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

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
        var mirror = bed.World.Clusters[0].Services.OfType<SimMirror>().Single();
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
