using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Scylla;

public sealed class SystemdTests
{
    private static readonly CommandResult Ok = new(0, "");
    private const string Timers = "systemctl list-units --plain --no-legend --full scp-rescue-*.timer";

    [Fact]
    public async Task Starts_the_unit_under_a_receipt_and_the_leases_epoch()
    {
        var bench = new NodeBench { Answers = { ["systemctl start scylla-server"] = Ok, [Timers] = Ok } };
        await bench.RunAsync(new SystemdStartService { Service = "scylla-server" });

        var command = bench.Commands[0];
        Assert.Equal(["systemctl start scylla-server", Timers], bench.Ran);
        Assert.Equal(("scp-01JOB-1.2-1-systemctl-start-scylla_server", 7, "01JOB/1.2/1"), (command.Receipt, command.Epoch, command.Step));
    }

    [Fact]
    public async Task A_timer_that_can_not_be_asked_about_is_not_taken_for_none_R10()
    {
        var bench = new NodeBench { Answers = { ["systemctl start scylla-server"] = Ok, [Timers] = new(1, "Failed to list units: Connection timed out") } };
        var failure = await Assert.ThrowsAsync<RecoverableException>(() => bench.RunAsync(new SystemdStartService { Service = "scylla-server" }));
        Assert.Contains("systemctl does not tell of the rescue timers", failure.Message);
    }

    [Fact]
    public async Task Only_units_that_are_named_like_rescue_timers_are_stopped_R10()
    {
        var bench = new NodeBench { Answers = { ["systemctl start scylla-server"] = Ok, [Timers] = new(0, "sshd.service loaded active running OpenSSH\n") } };
        await Assert.ThrowsAsync<RecoverableException>(() => bench.RunAsync(new SystemdStartService { Service = "scylla-server" }));
        Assert.Equal(["systemctl start scylla-server", Timers], bench.Ran);

        const string Two = "scp-rescue-01OLD.timer loaded active waiting /usr/bin/systemctl start scylla-server\nscp-rescue-02.timer loaded inactive dead x\n";
        bench = new NodeBench { Answers = { ["systemctl start scylla-server"] = Ok, [Timers] = new(0, Two), ["systemctl stop scp-rescue-01OLD.timer"] = Ok } };
        await bench.RunAsync(new SystemdStartService { Service = "scylla-server" });
        Assert.Equal(["systemctl start scylla-server", Timers, "systemctl stop scp-rescue-01OLD.timer"], bench.Ran);
    }

    [Fact]
    public async Task A_start_that_failed_is_worth_another_attempt_and_says_how_it_ended()
    {
        const string Said = "Job for scylla-server.service failed.\nSee \"journalctl -xe\".\n\n";
        var bench = new NodeBench { Answers = { ["systemctl start scylla-server"] = new(1, Said) } };
        var failure = await Assert.ThrowsAsync<RecoverableException>(
            () => bench.RunAsync(new SystemdStartService { Service = "scylla-server" }));
        Assert.Equal(
            "messages-b-1: systemctl start scylla-server: exit 1: Job for scylla-server.service failed. / See \"journalctl -xe\".",
            failure.Message);
    }

    [Theory]
    [InlineData(4), InlineData(5), InlineData(127)]
    public async Task Another_attempt_does_not_help_where_there_is_no_right_no_unit_or_no_systemd(int exit)
    {
        var bench = new NodeBench { Answers = { ["systemctl start no-such"] = new(exit, "Unit no-such.service not found.") } };
        await Assert.ThrowsAsync<UnrecoverableException>(() => bench.RunAsync(new SystemdStartService { Service = "no-such" }));
    }

    [Fact]
    public async Task A_long_complaint_of_a_node_is_cut_at_the_front()
    {
        var bench = new NodeBench { Answers = { ["systemctl start x"] = new(1, new string('a', 5000) + "the end") } };
        var failure = await Assert.ThrowsAsync<RecoverableException>(() => bench.RunAsync(new SystemdStartService { Service = "x" }));
        Assert.EndsWith("the end", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 400, 500);
    }

    [Fact]
    public async Task Stopped_means_that_the_unit_says_so()
    {
        var bench = Stopping("inactive", "success");
        await bench.RunAsync(new SystemdStopScyllaServer { RestartAfter = TimeSpan.Zero });
        Assert.Equal(
            [Timers, "systemctl is-active scylla-server", "systemctl stop scylla-server", "systemctl is-active scylla-server", "systemctl show scylla-server"],
            bench.Ran);
        Assert.True(bench.Commands[2].Timeout > TimeSpan.FromSeconds(900), "systemd kills a hung stop only after 900 s");
        Assert.Empty(bench.Log);
    }

    [Theory]
    [InlineData("inactive"), InlineData("failed")]
    public async Task What_does_not_run_is_not_stopped(string state)
    {
        var bench = new NodeBench { Answers = { [Timers] = Ok, ["systemctl is-active scylla-server"] = new(3, state + "\n") } };
        await bench.RunAsync(new SystemdStopScyllaServer { RestartAfter = TimeSpan.Zero });
        Assert.Equal([Timers, "systemctl is-active scylla-server"], bench.Ran);
    }

    [Fact]
    public async Task A_stop_that_ended_in_a_kill_is_a_warning()
    {
        var bench = Stopping("failed", "timeout");
        await bench.RunAsync(new SystemdStopScyllaServer { RestartAfter = TimeSpan.Zero });
        Assert.StartsWith("Warning: scylla-server did not stop by itself", Assert.Single(bench.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("active", "success"), InlineData("activating", "success"), InlineData("failed", "core-dump"), InlineData("", "success")]
    public async Task A_unit_that_is_not_stopped_after_a_stop_calls_a_human(string state, string result)
    {
        var bench = Stopping(state, result);
        var failure = await Assert.ThrowsAsync<UnrecoverableException>(() => bench.RunAsync(new SystemdStopScyllaServer { RestartAfter = TimeSpan.Zero }));
        Assert.Contains($"({result})", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_any_unit_by_the_same_rules()
    {
        var bench = new NodeBench
        {
            FirstAnswers = { ["systemctl is-active agent@1"] = new(0, "active\n") },
            Answers =
            {
                ["systemctl stop agent@1"] = Ok,
                ["systemctl is-active agent@1"] = new(3, "inactive\n"),
                ["systemctl show agent@1"] = new(0, "Result=success\n"),
            },
        };
        await bench.RunAsync(new SystemdStopService { Service = "agent@1" });
        Assert.Equal("systemctl stop agent@1", bench.Ran[1]);
    }

    [Fact]
    public async Task A_highstate_that_failed_calls_a_human_with_the_end_of_its_output()
    {
        const string Command = "salt-call --out=json --retcode-passthrough state.highstate";
        var bench = new NodeBench { Answers = { [Command] = new(2, "{...}\nFailed: 1") } };
        var failure = await Assert.ThrowsAsync<UnrecoverableException>(() => bench.RunAsync(new SaltHighstate()));
        Assert.Equal("messages-b-1: highstate: exit 2: {...} / Failed: 1", failure.Message);

        bench.Answers[Command] = Ok;
        await bench.RunAsync(new SaltHighstate());
    }

    [Fact]
    public async Task A_message_goes_to_its_channels()
    {
        var bench = new NodeBench();
        await bench.RunAsync(new SendWebhookMessage { Channels = ["ops", "infra-doing"], Message = "Node is about to join!" });
        Assert.Equal("ops,infra-doing: Node is about to join!", Assert.Single(bench.Announced));
    }

    private static NodeBench Stopping(string state, string result) => new()
    {
        FirstAnswers = { ["systemctl is-active scylla-server"] = new(0, "active\n") },
        Answers =
        {
            [Timers] = Ok,
            ["systemctl stop scylla-server"] = Ok,
            ["systemctl is-active scylla-server"] = new(3, state + "\n"),
            ["systemctl show scylla-server"] = new(0, $"ActiveState={state}\nSubState=dead\nResult={result}\n"),
        },
    };
}
