using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>Steps written once and used in several places.</summary>
public sealed class MacroTests
{
    private const string Start = """
        name: n
        macros:
          settle:
            inputs:
              - name: patience
                type: duration
                default: 15m
              - name: channels
                type: list
                default: [ops]
            steps:
              - task: !wait-for-conditions
                  conditions:
                    - condition: !up-for-all-peers
                      timeout_seconds: +patience+
              - task: !send-webhook-message
                  channels: +channels+
                  message: "settled on +cluster+ after +patience+ s"

        """;

    private const string Used = """
        variables:
          - name: up
            type: duration
            default: 30m
        cluster_tasks:
          - task: !node-workflow
              name: Restart
              node_tasks:
                - task: !scylla-drain
                - macro: settle
                  with:
                    patience: +up+
                    channels: [a, b]
                - macro: settle

        """;

    [Fact]
    public void Its_steps_stand_where_it_is_used_each_time_with_what_is_given_there()
    {
        var nodes = (NodeWorkflow)Written.Loaded(Start + Used).Workflow.ClusterTasks[0].Task;
        var waits = nodes.NodeTasks.Select(s => s.Task).OfType<WaitForConditions>().ToArray();
        Assert.Equal([TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(15)], waits.Select(w => w.Conditions[0].Timeout));
        var says = nodes.NodeTasks.Select(s => s.Task).OfType<SendWebhookMessage>().ToArray();
        Assert.Equal(["a, b", "ops"], says.Select(s => string.Join(", ", s.Channels)));
        Assert.EndsWith("after 1800 s", says[0].Message, StringComparison.Ordinal);
        Assert.Equal(5, nodes.NodeTasks.Count);
    }

    [Fact]
    public void For_a_node_its_steps_have_the_nodes_own_values()
    {
        var text = """
            name: n
            macros:
              tell:
                inputs:
                  - name: what
                steps:
                  - task: !send-webhook-message
                      channels: [a]
                      message: "+node+: +what+"
            cluster_tasks:
              - task: !node-workflow
                  name: Tell
                  node_tasks:
                    - macro: tell
                      with:
                        what: in +zone+

            """;
        var node = TestClusters.Values().Cluster.Nodes[1];
        var step = Assert.Single(Written.Loaded(text).NodeTasksFor("1", node));
        Assert.Equal($"{node.Name}: in {node.Zone}", ((SendWebhookMessage)step.Task).Message);
    }

    [Fact]
    public void It_fits_a_cluster_step_an_always_step_and_a_restore()
    {
        var text = """
            name: n
            macros:
              tell:
                steps:
                  - task: !send-webhook-message
                      channels: [a]
                      message: m
            cluster_tasks:
              - macro: tell
              - task: !node-workflow
                  name: Tell
                  node_tasks:
                    - macro: tell
                  restore:
                    - macro: tell
                  batches: [1]
                  between_batches:
                    - macro: tell
                  before_last_node:
                    - macro: tell
            always:
              - macro: tell

            """;
        var workflow = Written.Loaded(text).Workflow;
        var nodes = (NodeWorkflow)workflow.ClusterTasks[1].Task;
        Assert.All([workflow.ClusterTasks, workflow.Always, nodes.BetweenBatches, nodes.BeforeLastNode], s => Assert.IsType<SendWebhookMessage>(s[0].Task));
        Assert.All([nodes.NodeTasks, nodes.Restore!], s => Assert.IsType<SendWebhookMessage>(s[0].Task));
    }

    [Fact]
    public void An_error_in_its_steps_names_both_lines()
    {
        var errors = Written.Errors((Start + Used).Replace("!up-for-all-peers", "!up-for-all-pears", StringComparison.Ordinal));
        Assert.Equal(["w.yaml:14:26: there is no !up-for-all-pears (in a macro, as line 28 uses it); did you mean !up-for-all-peers?",
            "w.yaml:14:26: there is no !up-for-all-pears (in a macro, as line 32 uses it); did you mean !up-for-all-peers?"], errors.Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("patience: +up+", "patience: soon", "`patience` of macro `settle` (line 5): \"soon\" is no duration such as 90, 90s, 15m, 24h or 2d", 30)]
    [InlineData("patience: +up+", "patence: 3", "macro `settle` (line 3) has no input `patence`", 30)]
    [InlineData("patience: +up+", "patience: [3]", "`patience` of macro `settle` (line 5) needs one value", 30)]
    [InlineData("patience: +up+", "patience: a+up+", "`patience` of the macro: \"a1800\" is no duration such as 90, 90s, 15m, 24h or 2d", 30)]
    [InlineData("- macro: settle\n          with", "- macro: setle\n          with", "there is no macro `setle`", 28)]
    [InlineData("        - macro: settle\n          with", "        - macro: settle\n          retries: 3\n          with", "`retries` does not stand beside `macro`: write it at the macro's own steps", 29)]
    [InlineData("        default: 15m\n", "", "macro `settle` needs `patience` under `with`: line 5 declares it without a default", 31)]
    [InlineData("      - name: patience", "      - name: up", "a variable can not be called `up`: another is", 5)]
    [InlineData("      - task: !send-webhook-message", "      - macro: settle\n      - task: !send-webhook-message", "macro `settle` uses another: macros have one level (in a macro, as line 29 uses it)", 16)]
    public void A_use_that_does_not_fit_its_declaration_is_told(string was, string now, string message, int line)
    {
        var errors = Written.Errors((Start + Used).Replace(was, now, StringComparison.Ordinal));
        Assert.Contains((line, message), errors.Select(e => (e.Line, e.Message)));
    }

    [Fact]
    public void One_that_is_used_nowhere_is_told_for_nobody_checks_its_steps() => Assert.Equal(
        "macro `idle` is used nowhere: nobody would check its steps",
        Written.TheError("name: n\nmacros:\n  idle:\n    steps:\n      - task: !probe\ncluster_tasks:\n  - task: !quiesce-topology\n").Message);

    [Fact]
    public void A_question_while_the_node_is_down_is_found_through_a_macro_R3()
    {
        var text = Start + Used.Replace("        - macro: settle\n\n", "", StringComparison.Ordinal) + """
                    - task: !scylla-drain
                    - macro: ask
                    - macro: settle
            """;
        text = text.Replace("macros:\n", "macros:\n  ask:\n    steps:\n      - task: !ask-human\n          message: Go on?\n", StringComparison.Ordinal);
        Assert.Contains(Written.Errors(text), e => e.Message.Contains("nobody may be waited for before its health wait (R3)", StringComparison.Ordinal) && e.Message.Contains("in a macro", StringComparison.Ordinal));
    }
}
