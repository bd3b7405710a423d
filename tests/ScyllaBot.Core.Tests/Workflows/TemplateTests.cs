using FsCheck;
using FsCheck.Fluent;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>What <c>+name+</c> becomes, and what it can not do.</summary>
public sealed class TemplateTests
{
    [Fact]
    public void A_variable_becomes_a_number_where_a_number_is_needed()
    {
        var text = Written.OnNodes("- task: !scylla-drain\n  retries: +tries+", "- name: tries\n  type: integer");
        Assert.Equal(7, Written.Loaded(text, ("tries", "7")).FirstStep().Retries);
    }

    [Fact]
    public void A_value_is_checked_by_the_rules_of_where_it_is_used()
    {
        var text = Written.OnNodes("- task: !scylla-drain\n  retries: +tries+", "- name: tries\n  type: integer");
        var error = Written.TheError(text, ("tries", "700"));
        Assert.Equal((9, 20, "`retries` must be between 0 and 100, not \"700\""), (error.Line, error.Column, error.Message));
    }

    [Fact]
    public void A_default_that_can_not_work_is_told_before_anybody_runs_it()
    {
        var text = Written.OnNodes("- task: !scylla-drain\n  retries: +tries+", "- name: tries\n  type: integer\n  default: 700");
        Assert.Equal(10, Assert.Single(Written.Source(text).Errors).Line);
    }

    [Fact]
    public void A_value_adds_no_yaml()
    {
        const string Evil = "x\", channels: [other], y: \"{a: b} - !scylla-drain # &a *a +cluster+";
        var text = Written.OnNodes(Say("+what+"), "- name: what");
        var say = Assert.IsType<SendWebhookMessage>(Written.Loaded(text, ("what", Evil)).FirstStep().Task);
        Assert.Equal((Evil, "ops"), (say.Message, Assert.Single(say.Channels)));
    }

    [Fact]
    public void Whatever_the_value_it_arrives_as_it_was_given()
    {
        var source = Written.Source(Written.OnNodes(Say("<+what+>"), "- name: what"));
        Prop.ForAll<NonNull<string>>(given =>
        {
            var binding = source.Bind(TestClusters.Values(("what", given.Get)));
            return given.Get.Any(char.IsControl)
                ? binding is WorkflowBinding.Invalid
                : binding is WorkflowBinding.Bound bound && ((SendWebhookMessage)bound.Loaded.FirstStep().Task).Message == $"<{given.Get}>";
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Several_in_one_text_are_all_replaced() => Assert.Equal(
        "01JOB of mara: messages-stg, a and +x",
        ((SendWebhookMessage)Written.Loaded(
            Written.OnNodes(Say("+job_id+ of +operator+: +cluster+, +what+ and +x"), "- name: what"), ("what", "a"))
            .FirstStep().Task).Message);

    [Fact]
    public void An_unknown_one_is_answered_with_the_nearest()
    {
        var error = Written.TheError(Written.OnNodes("- task: !scylla-drain\n  retries: +tires+",
            "- name: tries\n  type: integer\n  default: 1"));
        Assert.Equal((10, "no variable is called +tires+", "+tries+"), (error.Line, error.Message, error.Suggestion));
    }

    [Fact]
    public void The_nodes_own_names_are_known_in_its_steps()
    {
        var text = Written.OnNodes(Say("+node+ +zone+ +node.ip+ +node.host_id+ +node.dc+ +node.rack+"));
        var node = TestClusters.Messages.Nodes[2];

        var steps = Written.Loaded(text).NodeTasksFor("1", node);

        Assert.Equal(
            $"messages-c-1 us-east1/c 10.0.1.3 {node.HostId} us-east1 c", ((SendWebhookMessage)Assert.Single(steps).Task).Message);
    }

    [Fact]
    public void In_the_plan_a_nodes_own_names_are_placeholders() => Assert.Equal(
        "NODE is next", ((SendWebhookMessage)Written.Loaded(Written.OnNodes(Say("+node+ is next"))).FirstStep().Task).Message);

    [Fact]
    public void Outside_its_steps_a_nodes_names_are_an_error()
    {
        var error = Written.TheError("name: +node+\ncluster_tasks:\n  - task: !send-webhook-message {channels: [a], message: m}\n");
        Assert.Equal("+node+ is known only inside `node_tasks`, `restore` and a node workflow's `skip_when`", error.Message);
    }

    [Fact]
    public void A_step_that_does_not_bind_for_one_of_the_nodes_is_told_before_a_job_exists()
    {
        var text = Written.OnNodes("- task: !systemd-start-service\n    service: agent@+node+");
        var nodes = TestClusters.Messages.Nodes;
        var odd = TestClusters.Messages with { Nodes = [.. nodes, nodes[0] with { Name = "odd name" }] };

        var binding = Written.Source(text).Bind(TestClusters.Values() with { Cluster = odd });

        Assert.Contains("agent@odd name", Assert.Single(Assert.IsType<WorkflowBinding.Invalid>(binding).Errors).Message,
            StringComparison.Ordinal);
        Assert.IsType<WorkflowBinding.Bound>(Written.Source(text).Bind(TestClusters.Values()));
    }

    [Fact]
    public void A_list_variable_becomes_the_items_of_a_list()
    {
        var text = Written.OnNodes("- task: !send-webhook-message\n    channels: +where+\n    message: m",
            "- name: where\n  type: list\n  default: [ops, on-call]");
        Assert.Equal(["ops", "on-call"], ((SendWebhookMessage)Written.Loaded(text).FirstStep().Task).Channels);
        Assert.Equal(["a", "+cluster+"], ((SendWebhookMessage)Written.Loaded(text, ("where", "a,+cluster+")).FirstStep().Task).Channels);
    }

    [Fact]
    public void A_variable_without_a_value_yet_is_no_error_of_the_file()
    {
        var text = Written.OnNodes(
            "- task: !send-webhook-message\n    channels: +where+\n    message: +what+\n  retries: +tries+",
            "- name: where\n  type: list\n- name: what\n- name: tries\n  type: integer");
        Assert.Empty(Written.Source(text).Errors);
        Assert.Equal(3, Written.Errors(text).Count);
    }

    [Fact]
    public void Restore_is_the_workflows_own_or_the_default_one()
    {
        var text = Written.OnNodes("- task: !scylla-drain");
        var node = TestClusters.Messages.Nodes[0];
        Assert.Equal(LoadedWorkflow.DefaultRestore.AsEnumerable(), Written.Loaded(text).RestoreFor("1", node));

        var own = Written.Loaded(
            text + "      restore:\n        - task: !systemd-start-service\n            service: scylla-+node.rack+\n");
        Assert.Equal(new SystemdStartService { Service = "scylla-b" }, Assert.Single(own.RestoreFor("1", node)).Task);
    }

    [Fact]
    public void Paths_name_the_steps_of_cluster_tasks()
    {
        const string Text = "name: n\ncluster_tasks:\n- task: !send-webhook-message {channels: [a], message: m}\n"
            + "- task: !node-workflow\n    name: second\n    node_tasks:\n    - task: !systemd-daemon-reload\n";
        Assert.IsType<SystemdDaemonReload>(Assert.Single(Written.Loaded(Text).NodeTasksFor("2", TestClusters.Messages.Nodes[0])).Task);
    }

    [Fact]
    public void At_the_end_of_a_job_there_are_no_nodes_and_no_questions()
    {
        const string Start = "name: n\ncluster_tasks:\n- task: !send-webhook-message {channels: [a], message: m}\nalways:\n";
        Assert.Equal("`!node-workflow` in `always`: the end of a job has cluster steps only", Written.TheError(
            Start + "- task: !node-workflow\n    name: last\n    node_tasks:\n    - task: !systemd-start-service {service: a}\n").Message);
        Assert.Equal("`approval` in `always`: the end of a job waits for nobody", Written.TheError(
            Start + "- task: !send-webhook-message {channels: [a], message: m}\n  approval: {message: Why?}\n").Message);
    }

    private static string Say(string message) => $"- task: !send-webhook-message\n    channels: [ops]\n    message: \"{message}\"";
}
