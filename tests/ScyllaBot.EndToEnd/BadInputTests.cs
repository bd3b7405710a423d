using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd;

/// <summary>What people get wrong: each gets an answer that says what to do, changes nothing, and the bot goes on answering.</summary>
public sealed class BadInputTests(BadInputTests.BedWithBrokenWorkflow bed) : IClassFixture<BadInputTests.BedWithBrokenWorkflow>
{
    private const string Node = "scylla-messages-stg-us-east1-b-1";

    /// <summary>Ten lines are wrong, one mistake each.</summary>
    private const string TenMistakes = """
        name: Ten mistakes
        colour: blue
        variables:
          - name: patience
            type: durration
            default: 5m
          - name: limit
            type: integer
            default: many
        cluster_tasks:
          - task: !node-workflow
              name: Restart
              concurrency_unit: zoone
              concurrency_limit: +limt+
              node_tasks:
                - task: !scylla-drian
                - task: !systemd-stop-scylla-server
                  retrys: 3
                - task: !systemd-start-service
                    service: scylla-server; rm -rf /
                - task: !systemd-start-service
                    service: scylla-server
                  on_failure: explode
                - task: !wait-for-conditions
                    conditions:
                      - condition: !is-up-normal
                        timeout_seconds: soon
        """;

    private static readonly int[] WrongLines = [2, 5, 9, 13, 14, 16, 18, 20, 23, 27];

    [Theory]
    [InlineData("rolling_restrat", "messages-stg", "", "", "", "rolling_restrat", "Did you mean rolling_restart?")]
    [InlineData("zzz", "messages-stg", "", "", "", "zzz", "Known: add_nodes_to_cluster")]
    [InlineData("rolling_restart", "messages-stgg", "", "", "", "messages-stgg", "Did you mean messages-stg?")]
    [InlineData("rolling_restart", "zzz", "", "", "", "zzz", "messages-stg, search-stg")]
    [InlineData("rolling_restart", "messages-stg", "nodes", "scylla-messages-stg-us-east1-b-9", "", "us-east1-b-9", "Did you mean")]
    [InlineData("rolling_restart", "messages-stg", "zone", "us-east1/z", "", "us-east1/z", "us-east1/b")]
    [InlineData("rolling_restart", "messages-stg", "", "", "concurency_limit=2", "concurency_limit", "did you mean concurrency_limit?")]
    [InlineData("rolling_restart", "messages-stg", "", "", "concurrency_limit=two", "concurrency_limit", "two")]
    [InlineData("rolling_restart", "messages-stg", "", "", "up_timeout", "up_timeout", "name=value")]
    public async Task An_unknown_name_is_refused_with_what_was_meant(
        string workflow, string cluster, string where, string place, string vars, string says, string advises)
    {
        var before = await bed.StateAsync();

        var answer = await bed.Mara.AskAsync("run", Options(workflow, cluster, where, place, vars));

        Assert.Contains("🚫", answer.Text);
        Assert.Contains(says, answer.Plain);
        Assert.Contains(advises, answer.Plain);
        Assert.Null(answer.Button("Start"));
        Assert.Equal(before, await bed.StateAsync());
    }

    [Fact]
    public async Task A_node_task_on_an_unknown_node_is_refused()
    {
        var before = await bed.StateAsync();

        var answer = await bed.Mara.AskAsync("node-task", ("task", "scylla-drain"), ("cluster", Bed.Cluster), ("node", Node + "x"));

        Assert.Contains($"Did you mean {Node}?", answer.Plain);
        Assert.Equal(before, await bed.StateAsync());
    }

    [Fact]
    public async Task A_file_with_ten_mistakes_names_all_ten_places_at_once()
    {
        var before = await bed.StateAsync();

        var answer = await bed.Mara.AskAsync("run", ("workflow", "ten_mistakes"), ("cluster", Bed.Cluster));

        var named = answer.Plain.Split('\n').Where(l => l.Contains("ten_mistakes.yaml:", StringComparison.Ordinal)).ToArray();
        var lines = named.Select(l => int.Parse(l.Split("ten_mistakes.yaml:")[1].Split(':')[0])).ToArray();
        Assert.True(lines.SequenceEqual(WrongLines), answer.Plain);
        Assert.Equal(before, await bed.StateAsync());
    }

    [Fact]
    public async Task A_second_job_on_a_cluster_is_refused_with_the_first_ones_name()
    {
        var (job, _) = await bed.StartAsync();
        var before = await bed.StateAsync();

        var plan = await bed.Jon.AskAsync("run", ("workflow", "rolling_restart"), ("cluster", Bed.Cluster));
        var answer = await bed.Jon.PressedAsync(plan, "Start");

        Assert.Contains($"{Bed.Cluster} is leased to job {job}", answer.Plain);
        Assert.Contains($"/scp job job:{job}", answer.Plain);
        Assert.Equal(before, await bed.StateAsync());
        await bed.AbortAsync(job);
    }

    [Fact]
    public async Task A_press_without_the_role_decides_nothing()
    {
        var (job, question) = await bed.StartAsync();
        var before = await bed.StateAsync();

        var bystander = await bed.Kim.PressedAsync(question, "Approve");
        var requester = await bed.Mara.PressedAsync(question, "Approve");

        Assert.Contains("You have no role for ScyllaBot; ask", bystander.Plain);
        Assert.Contains("approver right", requester.Plain);
        Assert.Equal(before, await bed.StateAsync());
        await bed.AbortAsync(job);
    }

    [Fact]
    public async Task A_command_without_the_role_is_refused()
    {
        var before = await bed.StateAsync();

        var answer = await bed.Kim.AskAsync("run", ("workflow", "rolling_restart"), ("cluster", Bed.Cluster));

        Assert.Contains("You have no role for ScyllaBot; ask", answer.Plain);
        Assert.Equal(before, await bed.StateAsync());
    }

    [Fact]
    public async Task A_press_on_a_decided_card_is_told_who_decided()
    {
        var (job, question) = await bed.StartAsync();

        // The card's change is held up, so that the second press still finds its button.
        await bed.Sandbox.PostAsync("/page-api/faults", new { kind = "rest-slow", method = "PATCH", seconds = 3, count = 2 });
        var first = await bed.Jon.PressedAsync(question, "Approve");
        var second = await bed.Jon.PressedAsync(question, "Approve");

        Assert.Contains("Approved", first.Plain);
        Assert.Contains("Already approved by jon", second.Plain);
        await bed.AbortAsync(job);
    }

    [Fact]
    public async Task A_command_that_is_delivered_twice_is_done_once()
    {
        var before = await bed.Mara.IdsAsync();

        await bed.Sandbox.PostAsync("/page-api/faults", new { kind = "duplicate-next", count = 1 });
        var plan = await bed.Mara.AskAsync("run", ("workflow", "rolling_restart"), ("cluster", Bed.Cluster));
        await bed.Sandbox.PostAsync("/page-api/faults", new { kind = "duplicate-next", count = 1 });
        var started = await bed.Mara.PressedAsync(plan, "Start");
        await bed.StateAsync();

        var question = Assert.Single(
            await bed.Mara.MessagesAsync(CancellationToken.None), m => !before.Contains(m.Id) && !m.IsEphemeral && m.Button("Approve") is not null);
        var job = question.Footer.Split(' ')[0];
        Assert.Contains(job, started.Plain);
        Assert.Single(await bed.Mara.NewOnesAsync(before), m => m.Text.Contains("Plan:", StringComparison.Ordinal) || m.Id == plan.Id);
        await bed.AbortAsync(job);
    }

    private static (string, string)[] Options(string workflow, string cluster, string where, string place, string vars) =>
        ((string Name, string Value)[])[("workflow", workflow), ("cluster", cluster), (where, place), ("vars", vars)]
            is var all ? [.. all.Where(o => o is { Name.Length: > 0, Value.Length: > 0 })] : [];

    /// <summary>The shipped workflows and a broken one.</summary>
    public sealed class BedWithBrokenWorkflow() : Bed([("ten_mistakes.yaml", TenMistakes)]);
}
