using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Os;

/// <summary>The worked example of docs/writing-a-task.md.</summary>
public sealed class EnabledAtBootTests
{
    private const string Look = "- task: !wait-for-conditions\n    conditions:\n      - condition: !service-enabled\n          service: scylla-server\n        timeout_seconds: 20";
    private const string Enable = "- task: !systemd-enable-service\n    service: scylla-server";

    [Fact]
    public void A_unit_that_would_not_start_at_a_boot_is_told_with_its_state_and_its_node()
    {
        using var job = Disabled(Look);
        Assert.Contains("scylla-server is disabled on b1: it would not start at a boot", job.Halt(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_enabled_once_and_then_the_condition_holds()
    {
        using var job = Disabled($"{Enable}\n{Look}").Well();
        Assert.Equal(["disable", "enable"], job.Effects);
    }

    [Fact]
    public void A_unit_that_is_enabled_is_left_alone()
    {
        using var job = new OsJob(Enable).Well();
        Assert.Empty(job.Effects);
        Assert.Contains("scylla-server is enabled already", job.Said, StringComparison.Ordinal);
    }

    private static OsJob Disabled(string steps)
    {
        var job = new OsJob(steps);
        job.Bed.World.Agenda.Run(() => job.Machine.Units.Enable(ScyllaUnit.Name, on: false, Cause.Nobody));
        return job;
    }
}
