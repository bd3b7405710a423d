namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>Workflows whose every word is right and which must not run all the same.</summary>
public sealed class WorkflowRuleTests
{
    private const string Start = "- task: !systemd-start-service\n    service: scylla-server";
    private const string Wait = "- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers";
    private const string Approval = "\n  approval:\n    message: Sure?";

    [Theory]
    [InlineData(Start + Approval)]
    [InlineData("- task: !send-webhook-message\n    channels: [a]\n    message: m" + Approval + "\n" + Start)]
    public void An_approval_while_the_node_is_down_is_refused_R3(string middle)
    {
        var error = Written.TheError(Written.OnNodes($"- task: !scylla-drain\n{middle}\n{Wait}"));
        Assert.StartsWith("`approval` while !scylla-drain has the node down", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line, 8, 9);
    }

    [Fact]
    public void An_approval_of_the_health_wait_itself_is_refused_R3() =>
        Assert.Contains("(R3)", Written.TheError(Written.OnNodes($"- task: !scylla-drain\n{Start}\n{Wait}{Approval}")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_node_is_held_to_its_last_wait_so_an_earlier_one_does_not_help_R2() =>
        Assert.Contains("(R3)", Written.TheError(Written.OnNodes($"- task: !scylla-drain\n{Wait}\n{Start}{Approval}\n{Wait}")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_approval_before_or_after_is_welcome() => Assert.Empty(Written.Errors(Written.OnNodes(
        $"- task: !scylla-drain{Approval}\n{Start}\n{Wait}\n- task: !send-webhook-message\n    channels: [a]\n    message: m{Approval}")));

    [Theory]
    [InlineData("skip_node"), InlineData("continue")]
    public void Going_on_after_a_failure_while_the_node_is_down_is_refused_R3(string onFailure)
    {
        var error = Written.TheError(Written.OnNodes($"- task: !scylla-drain\n{Start}\n  on_failure: {onFailure}\n{Wait}"));
        Assert.Equal((8, $"`on_failure: {onFailure}` between !scylla-drain and its health wait: only halt is safe there (R3)"),
            (error.Line, error.Message));
    }

    [Fact]
    public void Going_on_after_a_drain_that_failed_is_refused_R3() =>
        Assert.Equal(6, Written.TheError(Written.OnNodes($"- task: !scylla-drain\n  on_failure: continue\n{Start}\n{Wait}")).Line);

    [Fact]
    public void Without_a_health_wait_the_node_counts_as_down_to_the_end() =>
        Assert.Contains(Written.Errors(Written.OnNodes($"- task: !scylla-drain\n{Start}\n  on_failure: continue")), e => e.Message.Contains("(R3)", StringComparison.Ordinal));

    [Fact]
    public void Going_on_is_fine_while_the_node_serves() => Assert.Empty(Written.Errors(Written.OnNodes(
        $"{Wait}\n  on_failure: skip_node\n- task: !scylla-drain\n{Start}\n{Wait}\n"
        + "- task: !send-webhook-message\n    channels: [a]\n    message: m\n  on_failure: continue")));

    [Fact]
    public void All_zones_at_once_is_refused_when_a_step_takes_nodes_down()
    {
        var error = Written.TheError(Written.OnNodes(
            $"{Wait}\n- task: !scylla-drain\n{Start}\n{Wait}") + "      concurrency_unit: cluster\n");
        Assert.Equal((15, 7), (error.Line, error.Column));
        Assert.Contains("!scylla-drain takes a node down; use zone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_zones_at_once_is_fine_when_no_step_does() =>
        Assert.Empty(Written.Errors(Written.OnNodes(Wait) + "      concurrency_unit: cluster\n"));

    [Fact]
    public void Bringing_a_node_up_waits_for_nobody_R4() => Assert.Equal(
        "`approval` in `restore`: bringing a node up waits for nobody (R4)",
        Written.TheError(Written.OnNodes("- task: !scylla-drain") + "      restore:\n"
            + "        - task: !systemd-start-service\n            service: s\n          approval:\n            message: m\n").Message);

    [Fact]
    public void A_window_longer_than_the_patience_is_refused()
    {
        var error = Written.TheError(Written.OnNodes($"{Wait}\n        success_window_seconds: 60\n        timeout_seconds: 30"));
        Assert.Equal((8, "a window of 60 s can never pass within a timeout of 30 s"), (error.Line, error.Message));
    }

    [Fact]
    public void Looking_without_a_pause_is_refused() => Assert.Equal(
        "`poll_interval_seconds` must be between 0.1 and 3600, not \"0\"",
        Written.TheError(Written.OnNodes($"{Wait}\n        poll_interval_seconds: 0")).Message);
}
