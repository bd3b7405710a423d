using ScyllaBot.Core.Jobs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Os;

public sealed class RescueAndRebootTests
{
    private const string Restart = $"""
        - task: !systemd-stop-scylla-server
          retries: 1
        - task: !systemd-start-service
            service: scylla-server
        {OsJob.Wait}
        """;

    [Fact]
    public void R10_a_node_comes_back_by_itself_when_the_bot_is_dead()
    {
        using var job = new OsJob(Restart).Start();
        job.Bed.Until(() => job.Bed.Sim("b1").Unit.ActiveState == "inactive");
        job.Bed.Kill();
        job.Bed.Pass(TimeSpan.FromMinutes(29));
        Assert.False(job.Bed.Sim("b1").Serves);
        job.Bed.Pass(TimeSpan.FromMinutes(3));
        Assert.True(job.Bed.Sim("b1").Serves);
        Assert.Equal(["timer-armed", "stop", "timer-fired", "start"], job.Effects);
    }

    [Fact]
    public void R10_a_bot_that_comes_back_after_its_timer_stops_the_node_anew_in_another_attempt()
    {
        using var job = new OsJob(Restart).Start();
        job.Bed.Until(() => job.Bed.Sim("b1").Unit.ActiveState == "inactive");
        job.Bed.Kill();
        job.Bed.Pass(TimeSpan.FromMinutes(32));
        job.Bed.StartHost();
        job.Well();
        Assert.Equal(["timer-armed", "stop", "timer-fired", "start", "timer-armed", "stop", "start", "timer-stopped"], job.Effects);
        Assert.Contains("the rescue timer has started scylla-server meanwhile", job.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void R10_the_start_takes_the_timer_away()
    {
        using var job = new OsJob(Restart).Well();
        job.Bed.Pass(TimeSpan.FromHours(1));
        Assert.Equal(["timer-armed", "stop", "start", "timer-stopped"], job.Effects);
        Assert.Contains("scylla-server starts by itself in 1800 s unless this job starts it before", job.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_that_hangs_is_waited_for_until_systemd_kills_it_after_900_s()
    {
        using var job = new OsJob(Restart);
        job.Bed.World.Agenda.Run(() => job.Bed.World.Arm(FaultKind.DrainHangs, job.Bed.World.Clusters[0], "b1", 1, TimeSpan.FromSeconds(1)));
        job.Bed.Ports.Saw = call =>
        {
            if (call.What == "systemctl stop scylla-server")
            {
                _ = job.Bed.World.Agenda.Run(() => job.Bed.Sim("b1").DrainAsync(Cause.Nobody));
            }
        };
        job.Well();
        Assert.Contains("kill", job.Effects);
        Assert.Contains("Warning: scylla-server did not stop by itself, systemd killed it", job.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1), InlineData(20), InlineData(300)]
    public void R12_a_reboot_is_taken_up_wherever_it_is_and_not_begun_again(int seconds)
    {
        using var job = new OsJob($"- task: !reboot\n{OsJob.Wait}").Start();
        var before = job.Machine.BootId;
        job.Bed.Until(() => job.Effects.Contains("reboot"));
        job.Bed.Kill();
        job.Bed.Pass(TimeSpan.FromSeconds(seconds));
        Assert.Empty(job.Bed.StartHost());
        job.Well();
        Assert.NotEqual(before, job.Machine.BootId);
        Assert.Equal(["reboot", "stop", "start"], job.Effects);
    }

    [Fact]
    public void A_disabled_scylla_is_warned_of_and_stays_down_after_the_boot()
    {
        using var job = new OsJob($"""
            - task: !systemd-disable-service
                service: scylla-server
            - task: !reboot
            - task: !systemd-enable-service
                service: scylla-server
            - task: !systemd-start-service
                service: scylla-server
            {OsJob.Wait}
            """).Well();
        Assert.Contains("Warning: scylla-server is disabled: it will not start by itself", job.Said, StringComparison.Ordinal);
        Assert.Equal(["disable", "reboot", "stop", "enable", "start"], job.Effects);
    }

    [Fact]
    public void A_machine_that_does_not_come_back_in_time_calls_a_human()
    {
        using var job = new OsJob($"- task: !reboot {{wait_seconds: 30}}\n{OsJob.Wait}");
        Assert.Contains("gave up", job.Halt(), StringComparison.Ordinal);
    }

    [Fact]
    public void R12_a_command_that_a_reboot_cut_off_is_unknown_and_never_run_again()
    {
        using var job = new OsJob($"""
            - task: !install-packages
                versions: [scylla-manager-agent=3.5.1-0.20250801.77aa0b1c2d-1]
                refresh: false
              retries: 3
            {OsJob.Wait}
            """).Start();
        job.Bed.Until(() => job.Said.Contains("Install packages: Start", StringComparison.Ordinal));
        job.Bed.Pass(TimeSpan.FromSeconds(1));
        job.Bed.Kill();
        job.Bed.World.Agenda.Run(() => job.Machine.Reboot(Cause.Nobody));
        job.Bed.Pass(TimeSpan.FromMinutes(3));
        job.Bed.StartHost();
        var why = job.Halt();
        Assert.Contains("what it did is unknown", why, StringComparison.Ordinal);
        Assert.DoesNotContain(job.Effects, e => e.StartsWith("install", StringComparison.Ordinal));
    }

    [Fact]
    public void R1_a_restart_that_nobody_announced_is_unrecoverable()
    {
        using var job = new OsJob("- task: !run-command\n    command: [systemctl, restart, scylla-server]\n    restarts_scylla: false\n  retries: 2");
        Assert.Contains("was restarted although the workflow says restarts_scylla: false", job.Halt(), StringComparison.Ordinal);
        Assert.Equal(["stop", "start"], job.Effects);
    }

    [Fact]
    public void R1_what_does_not_restart_scylla_holds_no_node()
    {
        using var job = new OsJob("- task: !run-command\n    command: [logger, x]\n    restarts_scylla: false").Well();
        Assert.Empty(job.Bed.Events.OfType<NodeHeld>());

        using var other = new OsJob($"- task: !run-command\n    command: [logger, x]\n{OsJob.Wait}").Well();
        Assert.Single(other.Bed.Events.OfType<NodeHeld>());
    }
}
