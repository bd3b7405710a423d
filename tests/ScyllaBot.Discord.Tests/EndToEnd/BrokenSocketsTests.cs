using ScyllaBot.Discord.Tests.Support;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Discord.Tests.EndToEnd;

/// <summary>What the network and Discord do to a long-running bot, over loopback sockets.</summary>
public sealed class BrokenSocketsTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(90));

    public void Dispose() => _patience.Dispose();

    [Theory]
    [InlineData("drop", 0, "6")]
    [InlineData("reconnect", 0, "6")]
    [InlineData("close", 4000, "6")]
    [InlineData("invalid-session-resumable", 0, "6")]
    [InlineData("invalid-session", 0, "2")]
    [InlineData("close", 4009, "2")]
    public async Task It_comes_back_and_still_hears_commands(string fault, int code, string op)
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var mara = await emulator.WatchAsync(Known.Mara, ct);
        var before = (await emulator.TrafficAsync(ct)).Length;
        await emulator.FaultAsync(new JsonObject { ["kind"] = fault, ["code"] = code }, ct);
        var answer = await AskUntilAnsweredAsync(emulator, bot, mara, ct);

        Assert.Contains("I did", answer, StringComparison.Ordinal);
        var frames = (await emulator.TrafficAsync(ct)).Skip(before).Where(e => e["method"]!.GetValue<string>() == "in"
            && e["body"] is JsonObject);
        Assert.Contains(frames, f => f["body"]!["op"]!.ToJsonString() == op);
    }

    [Fact]
    public async Task A_restarted_bot_resumes_and_does_not_put_its_commands_again()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        var notes = new MemoryNotes();
        await using (await RunningBot.StartConnectedAsync(emulator, ct, notes))
        {
        }

        await using var second = await RunningBot.StartConnectedAsync(emulator, ct, notes);
        var traffic = await emulator.TrafficAsync(ct);
        Assert.Single(traffic, e => e["method"]!.GetValue<string>() == "PUT");
        Assert.Single(traffic, e => e["method"]!.GetValue<string>() == "in" && e["body"] is JsonObject body
            && body["op"]!.ToJsonString() == "6");
        Assert.Single(traffic, e => e["method"]!.GetValue<string>() == "in" && e["body"] is JsonObject body
            && body["op"]!.ToJsonString() == "2");
    }

    /// <summary>Somebody removes the command from the guild; or the bot was thrown out and invited anew.</summary>
    [Theory]
    [InlineData("invalid-session")]
    [InlineData("drop")]
    public async Task Commands_that_somebody_took_away_are_there_again_with_the_next_connection(string fault)
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await emulator.WithoutCommandsAsync(ct);
        await emulator.FaultAsync(new JsonObject { ["kind"] = fault, ["code"] = 0 }, ct);

        // The bot's first, ours that takes them away, and the bot's again.
        while ((await emulator.TrafficAsync(ct)).Count(e => e["method"]!.GetValue<string>() == "PUT") < 3)
        {
            await Task.Delay(100, ct);
        }

        await using var mara = await emulator.WatchAsync(Known.Mara, ct);
        Assert.Contains("I did", await AskUntilAnsweredAsync(emulator, bot, mara, ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_whose_answer_is_lost_stands_in_the_channel_once()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await emulator.FaultAsync(new JsonObject { ["kind"] = "rest-500", ["count"] = 2, ["method"] = "POST", ["path"] = "/messages" }, ct);
        var first = await bot.Chat.PostAsync("ops", new Notice(Severity.Good, "Once"), "01JX1.0", ct);

        Assert.Equal(first, await bot.Chat.PostAsync("ops", new Notice(Severity.Good, "Once"), "01JX1.0", ct));
        Assert.Equal(first, await bot.Chat.FindAsync("ops", "01JX1.0", ct));
        Assert.Null(await bot.Chat.FindAsync("ops", "01JX2.0", ct));
    }

    [Fact]
    public async Task Mentions_ring_on_a_new_message_and_never_on_an_edit()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        await using var mara = await emulator.WatchAsync(Known.Mara, ct);
        var halted = new Notice(Severity.Bad, "Halted") { Headline = "Halted, @everyone", Mentions =
            new Mentions([$"{Known.Mara}"], ["on-call"]) };
        var message = await bot.Chat.PostAsync("ops", halted, "01JX1.1", ct);
        var posted = await mara.NextAsync("message", _ => true, ct);
        await bot.Chat.UpdateAsync(message, halted with { Title = "Acknowledged" }, ct);
        var edited = await mara.NextAsync("message", _ => true, ct);

        Assert.Contains($"{Known.Mara}", posted["pings"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain($"{Known.Kim}", posted["pings"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("Acknowledged", edited["embeds"]![0]!["title"]!.GetValue<string>());
        Assert.Equal($"Halted, @everyone <@{Known.Mara}> <@&{Known.OnCall}>", edited["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_log_goes_to_the_messages_thread()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartConnectedAsync(emulator, ct);
        var message = await bot.Chat.PostAsync("ops", new Notice(Severity.Working, "Job"), "01JX1.2", ct);
        await bot.Chat.LogAsync(message, "Job log", ["one", "two"], ct);
        await bot.Chat.LogAsync(message, "Job log", [.. Enumerable.Range(0, 100).Select(i => $"line {i} {new string('x', 60)}")], ct);

        var traffic = await emulator.TrafficAsync(ct);
        Assert.Single(traffic, e => e["path"]!.GetValue<string>().EndsWith("/threads", StringComparison.Ordinal));
        var thread = message.Value.Split('/')[1];
        Assert.Equal(5, traffic.Count(e =>
            e["path"]!.GetValue<string>().EndsWith($"/channels/{thread}/messages", StringComparison.Ordinal)));
        Assert.All(traffic, e => Assert.False(e["status"]!.GetValue<int>() >= 400, e.ToJsonString()));
    }

    [Fact]
    public async Task A_bad_token_stops_the_bot_and_not_the_host()
    {
        var ct = _patience.Token;
        await using var emulator = await Emulator.StartAsync();
        await using var bot = await RunningBot.StartAsync(emulator, ct, token: "wrong.token");
        await bot.Health.WhenFatalAsync(ct);

        Assert.True(bot.Health.IsTokenDead);
        Assert.Single(await emulator.TrafficAsync(ct));
    }

    /// <summary>A command sent while nobody listens is lost or answered late: people press again, so do we.</summary>
    private static async Task<string> AskUntilAnsweredAsync(Emulator emulator, RunningBot bot, HumanEyes eyes, CancellationToken ct)
    {
        while (true)
        {
            await bot.Health.WhenConnectedAsync(ct);
            await emulator.CommandAsync(Known.Mara, "pause", new JsonObject { ["job"] = FakeControl.KnownJob.Value }, ct);
            var message = await eyes.NextAsync(
                "message", m => m["ephemeral"]?.GetValue<bool>() == true
                    && (m["interaction_failed"]?.GetValue<bool>() == true || m["thinking"]?.GetValue<bool>() != true), ct);
            if (message["interaction_failed"]?.GetValue<bool>() != true)
            {
                return message["content"]!.GetValue<string>();
            }
        }
    }
}
