namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>What would leave a node down, a wait without an end, or something switched off: refused at load, with what to write instead.</summary>
public sealed class SafetyRuleTests
{
    private const string Start = "- task: !systemd-start-service\n    service: scylla-server";
    private const string Wait = "- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers";
    private const string Other = "- task: !wait-for-conditions\n    conditions:\n      - condition: !ssh-reachable";
    private const string Skip = "\n  skip_when:\n    - condition: !version-is\n        version: 2026.2.5";
    private const string Says = "- task: !send-webhook-message\n    channels: [a]\n    message: m";

    [Theory]
    [InlineData($"- task: !scylla-drain\n{Start}", 5)]
    [InlineData($"- task: !scylla-drain\n{Start}\n{Other}", 5)]
    [InlineData($"- task: !scylla-drain\n{Start}\n{Wait}{Skip}", 5)]
    [InlineData($"{Says}\n{Wait}\n- task: !scylla-drain\n{Start}", 11)]
    [InlineData($"- task: !scylla-drain\n{Start}\n{Wait}\n- task: !reboot", 11)]
    [InlineData($"- task: !scylla-drain{Skip}\n{Start}", 5)]
    [InlineData($"- task: !decommission\n  timeout_seconds: 86400\n{Start}\n- task: !reboot", 9)]
    public void A_node_that_is_taken_down_must_be_waited_for_on_every_path(string steps, int line)
    {
        var error = Written.TheError(Written.OnNodes(steps));
        Assert.Equal(line, error.Line);
        Assert.Contains("takes the node down, and not on every path does a health wait follow", error.Message, StringComparison.Ordinal);
        Assert.Contains("!up-for-all-peers, !is-up-normal, !cql-serving, !cluster-normal, !compactions-nominal", error.Suggestion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"- task: !scylla-drain\n{Start}\n{Wait}")]
    [InlineData($"- task: !scylla-drain{Skip}\n{Start}\n{Other}\n{Wait}\n{Says}")]
    [InlineData($"- task: !scylla-drain\n{Start}\n- task: !wait-for-conditions\n    conditions:\n      - condition: !ssh-reachable\n      - condition: !cql-serving")]
    [InlineData("- task: !decommission\n  timeout_seconds: 86400\n- task: !systemd-stop-scylla-server")]
    [InlineData("- task: !run-command\n    command: [logger, x]\n    restarts_scylla: false\n" + Says)]
    [InlineData("- task: !salt-highstate\n    restarts_scylla: false\n" + Says)]
    [InlineData("- task: !ansible-playbook\n    playbook: a.yml\n    restarts_scylla: false\n" + Says)]
    public void One_that_is_waited_for_or_has_left_or_is_not_taken_down_is_fine(string steps) => Assert.Empty(Written.Errors(Written.OnNodes(steps)));

    [Fact]
    public void A_one_off_task_is_what_somebody_asked_for_R18() => Assert.Empty(Written.Errors(Written.OnNodes("- task: !scylla-drain")));

    [Fact]
    public void It_is_found_through_a_macro_with_both_lines() => Assert.Contains(
        Written.Errors("name: n\nmacros:\n  stop:\n    steps:\n      - task: !scylla-drain\ncluster_tasks:\n  - task: !node-workflow\n      name: n\n      node_tasks:\n        - macro: stop\n        - task: !systemd-daemon-reload\n"),
        e => e.Line == 5 && e.Message.Contains("as line 10 uses it", StringComparison.Ordinal) && e.Message.Contains("takes the node down", StringComparison.Ordinal));

    [Fact]
    public void What_restores_a_node_must_not_leave_it_down_either() => Assert.Contains("takes the node down", Written.TheError(
        Written.OnNodes($"- task: !scylla-drain\n{Start}\n{Wait}") + "      restore:\n        - task: !reboot\n        - task: !scylla-bring-back\n").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Wait + "\n        timeout_seconds: 604801", 8)]
    [InlineData("- task: !decommission\n  timeout_seconds: 864000", 6)]
    [InlineData("- task: !cleanup-cluster\n    patience_seconds: 864000", 6)]
    public void No_wait_is_longer_than_a_week(string steps, int line)
    {
        var error = Written.TheError(Written.OnNodes($"{steps}\n{Says}"));
        Assert.Equal((line, "longer than 7 days: a wait that long ends with nobody remembering it", "604800"), (error.Line, error.Message, error.Suggestion));
    }

    [Theory]
    [InlineData("decommission"), InlineData("rebuild"), InlineData("upgrade-sstables")]
    public void What_lasts_as_long_as_there_is_data_needs_a_time_from_its_step(string task)
    {
        Assert.Equal($"!{task} lasts as long as there is data: say when somebody is to be called", Written.TheError(Written.OnNodes($"- task: !{task}\n{Says}")).Message);
        Assert.Empty(Written.Errors(Written.OnNodes($"- task: !{task}\n  timeout_seconds: 604800\n{Says}")));
    }

    [Fact]
    public void A_time_that_is_only_given_at_the_start_is_a_time() => Assert.Empty(
        Written.Source(Written.OnNodes($"- task: !decommission\n  timeout_seconds: +most+\n{Says}", "- name: most\n  type: duration")).Errors);

    [Theory]
    [InlineData("concurrency_limit: 2", "", 1)]
    [InlineData("concurrency_limit: +limit+", "- name: limit\n  type: integer\n  default: 1", 1)]
    [InlineData("concurrency_limit: 2\n      allow_parallel_data_movement: true", "", 0)]
    [InlineData("concurrency_limit: 1", "", 0)]
    [InlineData("concurrency_limit: 2\n      concurrency_unit: node", "", 0)]
    public void Several_nodes_move_data_at_once_only_where_that_is_said(string keys, string variables, int errors)
    {
        var steps = "- task: !decommission\n  timeout_seconds: 86400\n" + Says;
        var text = (variables.Length == 0 ? Written.OnNodes(steps) : Written.OnNodes(steps, variables)) + $"      {keys}\n";
        var found = Written.Errors(text);
        Assert.Equal(errors, found.Count);
        Assert.All(found, e => Assert.Equal("allow_parallel_data_movement: true, or a limit of 1", e.Suggestion));
    }

    [Theory]
    [InlineData("- task: !manager-suspend\n- task: !quiesce-topology", "", "!manager-resume in `always`")]
    [InlineData("- task: !manager-suspend\n- task: !quiesce-topology\n- task: !manager-resume", "", null)]
    [InlineData("- task: !manager-suspend\n- task: !quiesce-topology", "- task: !manager-resume", null)]
    [InlineData("- task: !manager-resume\n- task: !manager-suspend", "", "!manager-resume in `always`")]
    [InlineData("- task: !tablet-balancing\n    set: off\n- task: !quiesce-topology", "- task: !tablet-balancing\n    set: as_found", null)]
    [InlineData("- task: !tablet-balancing\n    set: off\n- task: !quiesce-topology", "", "!tablet-balancing with set: as_found in `always`")]
    [InlineData("- task: !tablet-balancing\n    set: on\n- task: !quiesce-topology", "", null)]
    public void What_is_switched_off_is_switched_on_again(string steps, string always, string? suggestion)
    {
        var text = $"name: n\ncluster_tasks:\n{Indented(steps)}{(always.Length > 0 ? $"always:\n{Indented(always)}" : "")}";
        var errors = Written.Errors(text);
        Assert.Equal(suggestion, errors.Count == 0 ? null : Assert.Single(errors).Suggestion);
    }

    [Theory]
    [InlineData($"- task: !native-transport-off\n{Wait}", "a later !native-transport-on")]
    [InlineData($"- task: !native-transport-off\n- task: !native-transport-on\n{Wait}", null)]
    [InlineData($"- task: !native-transport-off\n- task: !systemd-stop-scylla-server\n{Start}\n{Wait}", null)]
    [InlineData($"- task: !silence-alerts\n{Says}", "a later !unsilence-alerts")]
    [InlineData($"- task: !silence-alerts\n{Says}\n- task: !unsilence-alerts{Skip}", "a later !unsilence-alerts")]
    [InlineData($"- task: !silence-alerts\n{Says}\n- task: !unsilence-alerts", null)]
    public void On_a_node_too(string steps, string? suggestion)
    {
        var errors = Written.Errors(Written.OnNodes(steps));
        Assert.Equal(suggestion, errors.Count == 0 ? null : Assert.Single(errors).Suggestion);
    }

    private static string Indented(string lines) => string.Concat(lines.Split('\n').Select(l => $"  {l}\n"));
}
