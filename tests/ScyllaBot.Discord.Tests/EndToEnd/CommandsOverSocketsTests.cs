using ScyllaBot.Discord.Tests.Support;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Discord.Tests.EndToEnd;

/// <summary>The real transport against the sandbox's Discord, over loopback sockets.</summary>
public sealed class CommandsOverSocketsTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task A_run_is_planned_privately_and_starts_once_when_its_author_presses_start()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var mara = await emulator.WatchAsync(Known.Mara, ct);
        var sent = await emulator.CommandAsync(
            Known.Mara, "run", new JsonObject { ["workflow"] = "rolling-restart", ["cluster"] = "messages-stg", ["vars"] = "window=30" },
                ct);
        var card = await mara.AnswerAsync(ct);

        Assert.Contains("Rolling restart", card["embeds"]![0]!["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(card["pings"]!.AsArray());
        var start = card["components"]![0]!["components"]![0]!["custom_id"]!.GetValue<string>();
        await emulator.PressAsync(Known.Mara, card["id"]!.GetValue<string>(), start, ct);
        var told = await mara.NextAsync("message", m =>
            m["content"]?.GetValue<string>().Contains("I did", StringComparison.Ordinal) == true, ct);

        Assert.Equal(sent["interaction"]!.GetValue<string>(), bot.Control.Started!.Request.RequestId);
        Assert.Equal("30", bot.Control.Started.Request.Variables["window"]);
        Assert.Empty(told["components"]!.AsArray());
        Assert.Equal("planned 0123456789a…", bot.Control.Audit[0].Decision);
        Assert.Equal($"done: I did: start {sent["interaction"]}", bot.Control.Audit[1].Decision);
    }

    [Fact]
    public async Task Completion_answers_from_memory()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);

        Assert.Equal(
            ["rolling-reboot"],
            await emulator.CompleteAsync(Known.Mara, "run", "workflow", new JsonObject { ["workflow"] = "reb" }, ct));
        Assert.Equal(
            ["window=5 service="],
            await emulator.CompleteAsync(
                Known.Mara, "run", "vars", new JsonObject { ["workflow"] = "rolling-restart", ["vars"] = "window=5 s" }, ct));
        Assert.Empty(await emulator.CompleteAsync(Known.Kim, "run", "workflow", new JsonObject { ["workflow"] = "r" }, ct));
    }

    [Fact]
    public async Task A_bystander_is_refused_and_it_is_on_record()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var kim = await emulator.WatchAsync(Known.Kim, ct);
        await emulator.CommandAsync(Known.Kim, "pause", new JsonObject { ["job"] = FakeControl.KnownJob.Value }, ct);
        var answer = await kim.AnswerAsync(ct);

        Assert.Contains("no role", answer["content"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(bot.Control.Asked);
        Assert.StartsWith("refused", Assert.Single(bot.Control.Audit).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_is_refused_with_the_reason_from_the_modal()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var jon = await emulator.WatchAsync(Known.Jon, ct);
        var id = new ChoiceId(ChoiceId.Refuse, FakeControl.KnownJob, "1.2@messages-stg-b-1").ToString();
        var posted = await bot.Chat.PostAsync("ops",
            new Notice(Severity.Waiting, "Approve?") { Choices = [new(id, "Refuse", ChoiceKind.Danger)] }, "n1", ct);
        await emulator.PressAsync(Known.Jon, posted.Value.Split('/')[1], id, ct);
        var modal = await jon.NextAsync("modal", _ => true, ct);
        await emulator.PostAsync("modal", new JsonObject
        {
            ["user"] = Known.Jon.ToString(), ["channel"] = Known.Ops.ToString(), ["custom_id"] = modal["custom_id"]!.GetValue<string>(),
            ["components"] = new JsonArray(new JsonObject
            {
                ["type"] = 1, ["components"] =
                    new JsonArray(new JsonObject { ["type"] = 4, ["custom_id"] = "reason", ["value"] = "not on a Friday" }),
            }),
        }, ct);
        await jon.AnswerAsync(ct);

        Assert.Equal([$"decide {FakeControl.KnownJob} 1.2@messages-stg-b-1 False not on a Friday"], bot.Control.Asked);
    }

    [Fact]
    public async Task An_interaction_delivered_twice_is_worked_on_once()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var mara = await emulator.WatchAsync(Known.Mara, ct);
        await emulator.FaultAsync(new JsonObject { ["kind"] = "duplicate-next", ["count"] = 1 }, ct);
        await emulator.CommandAsync(Known.Mara, "pause", new JsonObject { ["job"] = FakeControl.KnownJob.Value }, ct);
        await mara.AnswerAsync(ct);
        await emulator.CommandAsync(Known.Mara, "resume", new JsonObject { ["job"] = FakeControl.KnownJob.Value }, ct);
        await mara.AnswerAsync(ct);

        Assert.Equal([$"pause {FakeControl.KnownJob}", $"resume {FakeControl.KnownJob}"], bot.Control.Asked);
    }

    [Fact]
    public async Task Every_subcommand_is_answered_and_nothing_that_leaves_may_ping_by_accident()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var jon = await emulator.WatchAsync(Known.Jon, ct);
        var job = new JsonObject { ["job"] = FakeControl.KnownJob.Value };
        (string Name, JsonObject Options)[] calls =
        [
            ("plan", new() { ["workflow"] = "rolling-restart", ["cluster"] = "messages-stg", ["zone"] = "us-east1/b" }),
            ("jobs", []), ("job", job), ("why", job), ("retry", job), ("skip", job), ("abort", job), ("clusters", []),
            ("clusters", new() { ["cluster"] = "search-stg" }), ("help", []),
            ("node-task", new() { ["task"] = "systemd-start-service", ["cluster"] = "messages-stg", ["node"] = "messages-stg-b-1",
                ["vars"] = "service=\"scylla server\"" }),
            ("cluster-task", new() { ["task"] = "cluster-repair", ["cluster"] = "messages-stg" }),
        ];
        foreach (var (name, options) in calls)
        {
            await emulator.CommandAsync(Known.Jon, name, options.DeepClone().AsObject(), ct);
            var answer = await jon.AnswerAsync(ct);
            Assert.DoesNotContain("Something went wrong", answer["content"]?.GetValue<string>() ?? "", StringComparison.Ordinal);
        }

        var texts = (await emulator.TrafficAsync(ct))
            .Where(e => e["kind"]!.GetValue<string>() == "rest" && e["body"] is JsonObject body
                && (body.ContainsKey("content") || body.ContainsKey("embeds")))
            .ToList();
        Assert.True(texts.Count >= calls.Length);
        Assert.All(texts, e => Assert.Equal("[]", e["body"]!["allowed_mentions"]!["parse"]!.ToJsonString()));
        Assert.All(await emulator.TrafficAsync(ct), e => Assert.False(e["status"]!.GetValue<int>() >= 400, e.ToJsonString()));
    }
}
