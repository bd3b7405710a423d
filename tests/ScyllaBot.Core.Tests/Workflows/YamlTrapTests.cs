using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>What YAML and its libraries get wrong by default (style 2.5).</summary>
public sealed class YamlTrapTests
{
    [Fact]
    public void A_bare_tag_is_a_task_without_inputs() =>
        Assert.Equal(new ScyllaDrain(), Written.Loaded(Written.OnNodes("- task: !scylla-drain")).FirstStep().Task);

    [Fact]
    public void A_bare_tag_that_needs_an_input_says_so_at_its_own_place()
    {
        var error = Written.TheError(Written.OnNodes("- task: !systemd-daemon-reload\n- task: !systemd-start-service"));
        Assert.Equal((6, 17), (error.Line, error.Column));
        Assert.Equal("!systemd-start-service needs `service`: Unit to start, without the .service suffix", error.Message);
    }

    [Fact]
    public void A_tag_with_text_instead_of_inputs_is_an_error() => Assert.Equal(
        "!systemd-start-service takes named inputs: write `key: value` lines under it",
        Written.TheError(Written.OnNodes("- task: !systemd-start-service scylla-server")).Message);

    [Fact]
    public void A_missing_input_is_told_at_its_tag_not_at_the_top()
    {
        var error = Written.TheError(Written.OnNodes("- task: !send-webhook-message\n    message: hi"));
        Assert.Equal((5, 17), (error.Line, error.Column));
        Assert.StartsWith("!send-webhook-message needs `channels`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_given_twice_is_an_error_at_the_second()
    {
        var error = Written.TheError(Written.OnNodes("- task: !scylla-drain\n  retries: 1\n  retries: 2"));
        Assert.Equal((7, 11, "`retries` is given twice"), (error.Line, error.Column, error.Message));
    }

    [Theory]
    [InlineData("variables: []\nvariables: []\n", 2), InlineData("name: again\n", 3)]
    public void A_top_key_given_twice_is_an_error(string twice, int line) => Assert.Equal(
        line, Written.TheError(twice.StartsWith('v') ? twice + Written.OnNodes("- task: !scylla-drain")
            : "description: d\nname: first\n" + twice + "cluster_tasks: [{task: !send-webhook-message {channels: [a], message: m}}]").Line);

    [Fact]
    public void An_unknown_key_is_answered_with_the_nearest_one()
    {
        var error = Written.TheError(Written.OnNodes("- task: !scylla-drain\n  retires: 1"));
        Assert.Equal((6, 11, "retries"), (error.Line, error.Column, error.Suggestion));
    }

    [Fact]
    public void An_unknown_tag_is_answered_with_the_nearest_one()
    {
        var error = Written.TheError(Written.OnNodes("- task: !scylla-drian"));
        Assert.Equal((5, 17, "there is no !scylla-drian", "!scylla-drain"), (error.Line, error.Column, error.Message, error.Suggestion));
        Assert.Equal("w.yaml:5:17: there is no !scylla-drian; did you mean !scylla-drain?", error.ToString());
    }

    [Fact]
    public void A_forgotten_exclamation_mark_is_recognised() =>
        Assert.Equal("!scylla-drain", Written.TheError(Written.OnNodes("- task: scylla-drain")).Suggestion);

    [Fact]
    public void An_input_that_is_not_indented_under_its_tag_is_told_so()
    {
        var errors = Written.Errors(Written.OnNodes("- task: !systemd-start-service\n  service: scylla-server"));
        Assert.Contains(errors, e => e is { Line: 6, Message: "`service` is an input of !systemd-start-service: indent it under the tag" });
    }

    [Fact]
    public void A_step_key_that_is_indented_under_the_tag_is_told_so() => Assert.Equal(
        "`retries` belongs to the step: indent it like `task`",
        Written.TheError(Written.OnNodes("- task: !scylla-drain\n    retries: 1")).Message);

    [Fact]
    public void A_check_key_under_the_condition_is_told_so() => Assert.Equal(
        "`timeout_seconds` belongs to the check: indent it like `condition`",
        Written.TheError(Written.OnNodes(
            "- task: !wait-for-conditions\n    conditions:\n      - condition: !cluster-normal\n          timeout_seconds: 3")).Message);

    [Theory]
    [InlineData("- task: !quorum-safe", "it is a condition, and a task is needed; wait for it with !wait-for-conditions")]
    [InlineData("- task: !wait-for-conditions\n    conditions:\n      - condition: !scylla-drain",
        "it is a task, and a condition is needed")]
    [InlineData("- task: !node-workflow {name: inner, node_tasks: [{task: !scylla-drain }]}",
        "it goes over nodes itself, so it can not stand inside `node_tasks`")]
    public void A_tag_in_the_wrong_place_is_told_in_words(string steps, string why) =>
        Assert.EndsWith(" does not fit here: " + why, Written.TheError(Written.OnNodes(steps)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_node_task_among_cluster_tasks_is_told_where_it_belongs() => Assert.Equal(
        "!scylla-drain does not fit here: it is a node task, and a cluster task is needed; put it under `node_tasks` of a !node-workflow",
        Written.TheError("name: n\ncluster_tasks:\n  - task: !scylla-drain\n").Message);

    [Fact]
    public void A_cluster_task_or_condition_fits_on_a_node_too()
    {
        var loaded = Written.Loaded(Written.OnNodes(
            "- task: !wait-for-conditions\n    conditions:\n      - condition: !cluster-normal\n"
            + "- task: !send-webhook-message\n    channels: [ops]\n    message: hi"));
        var wait = Assert.IsType<WaitForConditions>(loaded.FirstStep().Task);
        Assert.Equal(new ClusterNormal(), wait.Conditions[0].Condition);
    }

    [Fact]
    public void A_step_has_all_its_keys()
    {
        var step = Written.Loaded(Written.OnNodes(
            "- task: !scylla-drain\n  name: Gently\n  retries: 3\n  retry_delay_seconds: 0.5\n  retry_backoff: 2\n"
            + "  timeout_seconds: 600\n  on_failure: halt\n"
            + "  approval:\n    message: Now?\n    approvers: [on-call]\n    count: 2\n    timeout_seconds: 60")).FirstStep();

        Assert.Equal(("Gently", 3, 0.5, 2.0, 600, OnFailure.Halt), (
            step.Name, step.Retries, step.RetryDelay.TotalSeconds, step.RetryBackoff, step.Timeout!.Value.TotalSeconds, step.OnFailure));
        Assert.Equal(("Now?", 2, 60, "on-call"), (
            step.Approval!.Message, step.Approval.Count, step.Approval.Timeout.TotalSeconds, Assert.Single(step.Approval.Approvers)));
    }

    [Theory]
    [InlineData("retries: many", "`retries` needs a whole number, not \"many\"")]
    [InlineData("retries: 1.5", "`retries` needs a whole number, not \"1.5\"")]
    [InlineData("retries: 1,5", "`retries` needs a whole number, not \"1,5\"")]
    [InlineData("retries: 101", "`retries` must be between 0 and 100, not \"101\"")]
    [InlineData("retries: -1", "`retries` must be between 0 and 100, not \"-1\"")]
    [InlineData("retries:", "`retries` has no value: it needs a whole number")]
    [InlineData("retries: [1]", "`retries` needs a whole number, not a list")]
    [InlineData("retry_delay_seconds: 5s", "`retry_delay_seconds` needs a number of seconds, not \"5s\"")]
    [InlineData("retry_delay_seconds: -1", "`retry_delay_seconds` needs a number of seconds, not \"-1\"")]
    [InlineData("retry_delay_seconds: 00:00:05", "`retry_delay_seconds` needs a number of seconds, not \"00:00:05\"")]
    [InlineData("retry_backoff: 0,5", "`retry_backoff` needs a number, not \"0,5\"")]
    [InlineData("retry_backoff: .inf", "`retry_backoff` needs a number, not \".inf\"")]
    [InlineData("on_failure: skip-node", "`on_failure` needs one of halt, skip_node, continue, not \"skip-node\"")]
    [InlineData("on_failure: 1", "`on_failure` needs one of halt, skip_node, continue, not \"1\"")]
    [InlineData("name: !scylla-drain", "!scylla-drain does not fit here: `name` needs text")]
    [InlineData("approval: please", "`approval` needs a mapping: `key: value` lines, not text")]
    public void A_value_of_the_wrong_kind_is_told_at_its_place(string key, string message)
    {
        var error = Written.TheError(Written.OnNodes($"- task: !scylla-drain\n  {key}"));
        Assert.Equal((6, message), (error.Line, error.Message));
    }

    [Theory]
    [InlineData("scylla; rm -rf /"), InlineData("\"\""), InlineData("\"a\\nb\""), InlineData("-rf")]
    public void A_unit_that_is_no_unit_never_gets_near_a_node(string unit) => Assert.StartsWith(
        "`service` must ", Written.TheError(Written.OnNodes($"- task: !systemd-start-service\n    service: {unit}")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("zone", ConcurrencyUnit.Zone), InlineData("zonal", ConcurrencyUnit.Zonal),
        InlineData("datacenter", ConcurrencyUnit.Datacenter)]
    public void Units_are_spelt_as_the_article_and_the_architecture_spell_them(string spelling, ConcurrencyUnit unit)
    {
        var loaded = Written.Loaded(
            Written.OnNodes("- task: !scylla-drain") + $"      concurrency_unit: {spelling}\n");
        var nodes = (NodeWorkflow)loaded.Workflow.ClusterTasks[0].Task;
        Assert.Equal(unit, nodes.ConcurrencyUnit);
    }

    [Fact]
    public void An_empty_list_of_steps_is_an_error() =>
        Assert.Equal("`cluster_tasks` needs at least 1 item", Written.TheError("name: n\ncluster_tasks: []").Message);

    [Fact]
    public void A_check_stands_where_a_condition_is_waited_for()
    {
        var error = Written.TheError(Written.OnNodes("- task: !wait-for-conditions\n    conditions:\n      - !cluster-normal"));
        Assert.Equal((7, "!cluster-normal does not fit here: `conditions` needs a mapping: `key: value` lines"),
            (error.Line, error.Message));
    }

    [Fact]
    public void A_duration_keeps_its_fraction_whatever_the_machine_speaks()
    {
        var step = Written.Loaded(Written.OnNodes("- task: !scylla-drain\n  retry_delay_seconds: 1.25")).FirstStep();
        Assert.Equal(TimeSpan.FromMilliseconds(1250), step.RetryDelay);
    }
}
