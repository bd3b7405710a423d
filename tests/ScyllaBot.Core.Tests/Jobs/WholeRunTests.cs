using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs;

public sealed class WholeRunTests
{
    [Fact]
    public void Restarts_every_node_without_ever_costing_a_quorum()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
    }
}
