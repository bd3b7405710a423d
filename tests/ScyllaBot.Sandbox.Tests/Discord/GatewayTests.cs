using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>The gateway: facts A8.</summary>
public sealed class GatewayTests
{
    [Fact]
    public async Task Greets_with_hello_ready_and_the_guild()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await BotGateway.ConnectAsync(host.Address);
        var hello = await bot.ReadAsync();
        Assert.Equal((10, 41_250), ((int)hello!["op"]!, (int)hello["d"]!["heartbeat_interval"]!));
        Assert.Null(hello["s"]);

        await bot.SendIdentifyAsync();
        var ready = await bot.ReadEventAsync("READY");
        Assert.Equal(1, bot.Sequence);
        Assert.Equal($"{Known.Bot}", (string)ready["user"]!["id"]!);
        Assert.Equal($"{Known.Application}", (string)ready["application"]!["id"]!);
        Assert.True((bool)ready["guilds"]![0]!["unavailable"]!);
        Assert.StartsWith("ws://127.0.0.1:", (string)ready["resume_gateway_url"]!, StringComparison.Ordinal);
        var guild = await bot.ReadEventAsync("GUILD_CREATE");
        Assert.Equal(
            "channels ops staging infra-doing oncall",
            string.Join(' ', guild["channels"]!.AsArray().Select(channel => (string)channel!["name"]!))
        );
    }

    [Fact]
    public async Task Answers_heartbeats_and_asks_for_one()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        await bot.SendAsync(1, bot.Sequence);
        Assert.Equal(11, (int)(await bot.ReadAsync())!["op"]!);
        await host.Human.FaultAsync("heartbeat");
        Assert.Equal(1, (int)(await bot.ReadAsync())!["op"]!);

        await host.Human.FaultAsync("no-ack", new JsonObject { ["count"] = 1 });
        await bot.SendAsync(1, bot.Sequence);
        await host.Human.FaultAsync("heartbeat");
        Assert.Equal(1, (int)(await bot.ReadAsync())!["op"]!);
        await bot.SendAsync(1, bot.Sequence);
        Assert.Equal(11, (int)(await bot.ReadAsync())!["op"]!);
    }

    [Fact]
    public async Task Replays_what_was_missed_after_a_drop_then_says_resumed()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var first = await host.OnlineAsync(1 | 512);
        var (session, sequence) = (first.SessionId, first.Sequence);
        first.Drop();
        await SayAsync(host, "one");
        await SayAsync(host, "two");

        using var second = await BotGateway.ConnectAsync(host.Address, "/gateway/resume?v=10&encoding=json");
        await second.ReadOpAsync(10);
        await second.SendResumeAsync(session, sequence);
        Assert.Equal(["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"], await ReadTypesAsync(second, 3));
        Assert.Equal(sequence + 3, second.Sequence);
        await SayAsync(host, "three");
        Assert.Equal(["MESSAGE_CREATE"], await ReadTypesAsync(second, 1));
    }

    [Fact]
    public async Task Replays_interactions_to_a_client_that_was_away()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var first = await host.OnlineAsync();
        var interaction = await InteractionTests.AskAsync(host, first);
        first.Drop();
        using var second = await BotGateway.ConnectAsync(host.Address);
        await second.ReadOpAsync(10);
        await second.SendResumeAsync(first.SessionId, first.Sequence - 1);
        Assert.Equal((string)interaction["id"]!, (string)(await second.ReadEventAsync("INTERACTION_CREATE"))["id"]!);
        await second.ReadEventAsync("RESUMED");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    public async Task Forgets_the_session_when_the_client_closes_normally(int code)
    {
        await using var host = await EmulatorHost.StartAsync();
        using var first = await host.OnlineAsync();
        await first.CloseAsync(code);
        Assert.False(await ResumesAsync(host, first.SessionId, first.Sequence));
    }

    [Fact]
    public async Task Keeps_the_session_after_other_closes_until_its_life_ends()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var first = await host.OnlineAsync();
        await first.CloseAsync(4200);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await ResumesAsync(host, first.SessionId, first.Sequence));
        host.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.False(await ResumesAsync(host, first.SessionId, first.Sequence));
    }

    [Fact]
    public async Task Refuses_to_resume_further_back_than_its_buffer()
    {
        await using var host = await EmulatorHost.StartAsync(options => options.ReplayBuffer = 3);
        using var first = await host.OnlineAsync(1 | 512);
        first.Drop();
        for (var i = 0; i < 4; i++)
        {
            await SayAsync(host, $"line {i}");
        }

        Assert.False(await ResumesAsync(host, first.SessionId, first.Sequence));
    }

    [Theory]
    [InlineData("""{"op":2,"d":{"token":"wrong","intents":0,"properties":{}}}""", 4004)]
    [InlineData("""{"op":2,"d":{"token":"sandbox.token.1","intents":134217728,"properties":{}}}""", 4013)]
    [InlineData("""{"op":2,"d":{"token":"sandbox.token.1","intents":32768,"properties":{}}}""", 4014)]
    [InlineData("""{"op":2,"d":{"token":"sandbox.token.1","intents":0,"properties":{},"shard":[1,1]}}""", 4010)]
    [InlineData("""{"op":3,"d":{}}""", 4003)]
    [InlineData("""{"op":99,"d":{}}""", 4001)]
    [InlineData("not json", 4002)]
    public async Task Closes_with_the_code_that_says_why(string frame, int code)
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await BotGateway.ConnectAsync(host.Address);
        await bot.ReadOpAsync(10);
        await bot.SendTextAsync(frame);
        Assert.Equal(code, await bot.ReadCloseAsync());
    }

    [Fact]
    public async Task Closes_on_a_second_identify_an_impossible_sequence_or_a_wrong_version()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        await bot.SendIdentifyAsync();
        Assert.Equal(4005, await bot.ReadCloseAsync());

        using var ahead = await BotGateway.ConnectAsync(host.Address);
        await ahead.SendResumeAsync(bot.SessionId, 1_000);
        Assert.Equal(4007, await ahead.ReadCloseAsync());

        using var old = await BotGateway.ConnectAsync(host.Address, "/gateway?v=6&encoding=json");
        Assert.Equal(4012, await old.ReadCloseAsync());
    }

    [Fact]
    public async Task Closes_on_frames_above_4096_bytes_and_on_the_121st_in_a_minute()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var big = await BotGateway.ConnectAsync(host.Address);
        await big.SendTextAsync(new string(' ', 4_090) + """{"op":1,"d":null}""");
        Assert.Equal(4002, await big.ReadCloseAsync());

        using var many = await BotGateway.ConnectAsync(host.Address);
        for (var i = 0; i < 121; i++)
        {
            await many.SendAsync(1, null);
        }

        Assert.Equal(4008, await many.ReadCloseAsync());
    }

    [Fact]
    public async Task Closes_with_4009_when_heartbeats_stay_away()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        host.Time.Advance(TimeSpan.FromMilliseconds(41_250 * 1.5));
        Assert.Equal(4009, await bot.ReadCloseAsync());
        Assert.False(await ResumesAsync(host, bot.SessionId, bot.Sequence));
    }

    [Fact]
    public async Task Sends_reconnect_invalid_session_and_closes_on_order()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        await host.Human.FaultAsync("reconnect");
        Assert.Equal(7, (int)(await bot.ReadAsync())!["op"]!);
        await host.Human.FaultAsync("invalid-session-resumable");
        var invalid = await bot.ReadAsync();
        Assert.Equal((9, true), ((int)invalid!["op"]!, (bool)invalid["d"]!));
        await bot.SendResumeAsync(bot.SessionId, bot.Sequence);
        await bot.ReadEventAsync("RESUMED");

        await host.Human.FaultAsync("invalid-session");
        invalid = await bot.ReadAsync();
        Assert.Equal((9, false), ((int)invalid!["op"]!, (bool)invalid["d"]!));
        await host.Human.FaultAsync("close", new JsonObject { ["code"] = 4000 });
        Assert.Equal(4000, await bot.ReadCloseAsync());
        Assert.False(await ResumesAsync(host, bot.SessionId, bot.Sequence));
    }

    [Fact]
    public async Task Takes_one_identify_per_five_seconds()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var first = await host.OnlineAsync();
        using var second = await BotGateway.ConnectAsync(host.Address);
        await second.SendIdentifyAsync();
        Assert.False((bool)(await second.ReadOpAsync(9))["d"]!);
        host.Time.Advance(TimeSpan.FromSeconds(5));
        await second.SendIdentifyAsync();
        await second.ReadEventAsync("READY");
        Assert.Equal(998, (int)(await host.Bot.GetAsync("gateway/bot")).Body!["session_start_limit"]!["remaining"]!);
    }

    [Fact]
    public async Task Delivers_an_interaction_twice_on_order()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        await host.Human.FaultAsync("duplicate-next");
        var first = await InteractionTests.AskAsync(host, bot);
        var again = await bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.Equal((string)first["id"]!, (string)again["id"]!);
    }

    [Fact]
    public async Task Loses_an_interaction_or_falls_silent_on_order()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var before = await InteractionTests.AskAsync(host, bot);
        await host.Human.FaultAsync("lose-next");
        var lost = await host.Human.CommandAsync("scp", InteractionTests.RunOptions());
        var after = await InteractionTests.AskAsync(host, bot);
        Assert.True(ulong.Parse((string)before["id"]!) < ulong.Parse((string)lost["interaction"]!));
        Assert.True(ulong.Parse((string)lost["interaction"]!) < ulong.Parse((string)after["id"]!));

        await host.Human.FaultAsync("mute");
        await bot.SendAsync(1, null);
        await host.Human.FaultAsync("close");
        Assert.Null(await bot.ReadAsync());
    }

    [Fact]
    public async Task Sends_messages_only_to_those_who_asked_and_hides_what_others_wrote()
    {
        await using var host = await EmulatorHost.StartAsync(options => options.IdentifyWindow = TimeSpan.Zero);
        using var plain = await host.OnlineAsync(1);
        using var curious = await host.OnlineAsync(1 | 512);
        await SayAsync(host, "private words");
        Assert.Equal("", (string)(await curious.ReadEventAsync("MESSAGE_CREATE"))["content"]!);
        await SayAsync(host, $"<@{Known.Bot}> hello");
        Assert.Equal($"<@{Known.Bot}> hello", (string)(await curious.ReadEventAsync("MESSAGE_CREATE"))["content"]!);

        var card = await host.Bot.PostAsync($"channels/{Known.Ops}/messages", new JsonObject { ["content"] = "card" });
        await host.Bot.PostAsync($"channels/{Known.Ops}/messages/{card.Id}/threads", new JsonObject { ["name"] = "log" });
        Assert.Equal(["THREAD_CREATE"], await ReadTypesAsync(plain, 1));
        Assert.Equal(["MESSAGE_CREATE", "THREAD_CREATE", "MESSAGE_UPDATE"], await ReadTypesAsync(curious, 3));
    }

    private static Task SayAsync(EmulatorHost host, string words) =>
        host.Human.PostAsync(
            "say",
            new JsonObject
            {
                ["user"] = $"{Known.Mara}",
                ["channel"] = $"{Known.Ops}",
                ["content"] = words,
            }
        );

    private static async Task<IReadOnlyList<string>> ReadTypesAsync(BotGateway bot, int count)
    {
        var types = new List<string>();
        while (types.Count < count)
        {
            types.Add((string)(await bot.ReadAsync())!["t"]!);
        }

        return types;
    }

    private static async Task<bool> ResumesAsync(EmulatorHost host, string session, long sequence)
    {
        using var bot = await BotGateway.ConnectAsync(host.Address);
        await bot.ReadOpAsync(10);
        await bot.SendResumeAsync(session, sequence);
        while (await bot.ReadAsync() is { } frame)
        {
            if ((string?)frame["t"] == "RESUMED" || (int)frame["op"]! == 9)
            {
                return (int)frame["op"]! != 9;
            }
        }

        throw new InvalidOperationException($"Closed with {bot.CloseCode}.");
    }
}
