using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Gateway;

public sealed class GatewaySessionTests
{
    [Fact]
    public void Identifies_after_hello_and_beats_first_after_a_random_part_of_the_interval() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();

        Assert.Equal("wss://gateway.example/?v=10&encoding=json", rig.Socket.Address!.ToString());
        var identify = rig.Socket.Sent[0]["d"]!;
        Assert.Equal(("secret.token", 1), (identify["token"]!.GetValue<string>(), identify["intents"]!.GetValue<int>()));
        Assert.Null(rig.Health.LostSince);
        await rig.SettleAsync(19.9);
        Assert.Equal([2], rig.Socket.SentOps);
        await rig.SettleAsync(0.2);
        Assert.Equal([2, 1], rig.Socket.SentOps);
        Assert.Equal(1, rig.Socket.Sent[1]["d"]!.GetValue<long>());
        await rig.StopAsync();
    });

    [Fact]
    public void Beats_at_once_when_the_server_asks() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.Say("""{"op":1,"d":null}""");
        await rig.SettleAsync();

        Assert.Equal([2, 1], rig.Socket.SentOps);
        await rig.StopAsync();
    });

    [Fact]
    public void A_heartbeat_without_its_ack_ends_the_connection_and_resumes() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.Dispatch(7, "GUILD_CREATE");
        await rig.SettleAsync(20);
        rig.Socket.Ack();
        await rig.SettleAsync(40);
        await rig.SettleAsync(40);

        Assert.Equal(4200, rig.Sockets[0].ClosedWith);
        Assert.True(rig.Sockets[0].IsDisposed);
        Assert.Equal("wss://resume.example/here?v=10&encoding=json", rig.Socket.Address!.ToString());
        rig.Socket.Hello();
        await rig.SettleAsync();
        var resume = rig.Socket.Sent.Single();
        Assert.Equal(
            (6, "sess-1", 7L), (resume["op"]!.GetValue<int>(), resume["d"]!["session_id"]!.GetValue<string>(),
                resume["d"]!["seq"]!.GetValue<long>()));
        rig.Socket.Dispatch(8, "RESUMED");
        await rig.SettleAsync(20);
        Assert.Equal([6, 1], rig.Socket.SentOps);
        await rig.StopAsync();
    });

    [Fact]
    public void A_send_that_hangs_is_noticed_by_silence() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.SendHangs = true;
        await rig.SettleAsync(20);
        await rig.SettleAsync(101);

        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Theory]
    [InlineData(null, 6)]
    [InlineData(1001, 6)]
    [InlineData(1006, 6)]
    [InlineData(4000, 6)]
    [InlineData(4001, 6)]
    [InlineData(4002, 6)]
    [InlineData(4008, 6)]
    [InlineData(1000, 2)]
    [InlineData(4003, 2)]
    [InlineData(4005, 2)]
    [InlineData(4007, 2)]
    [InlineData(4009, 2)]
    public void After_a_close_it_resumes_or_identifies_as_the_code_says(int? code, int op) => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.Close(code);
        await rig.SettleAsync(6);
        rig.Socket.Hello();
        await rig.SettleAsync();

        Assert.Equal(2, rig.Sockets.Count);
        Assert.Equal([op], rig.Socket.SentOps);
        await rig.StopAsync();
    });

    [Theory]
    [InlineData(4004)]
    [InlineData(4010)]
    [InlineData(4011)]
    [InlineData(4012)]
    [InlineData(4013)]
    [InlineData(4014)]
    public void A_fatal_close_is_never_tried_again(int code) => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.Close(code);

        var e = await Assert.ThrowsAsync<GatewayFatalException>(() => rig.Run);
        Assert.Contains(code.ToString(), e.Message, StringComparison.Ordinal);
        await rig.SettleAsync(3600);
        Assert.Single(rig.Sockets);
    });

    [Fact]
    public void After_4008_it_waits_at_least_five_seconds() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.Close(4008);
        await rig.SettleAsync(4.9);
        Assert.Single(rig.Sockets);
        await rig.SettleAsync(0.2);
        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Fact]
    public void Op_7_resumes_at_once_and_keeps_the_session() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        rig.Socket.Say("""{"op":7,"d":null}""");
        await rig.SettleAsync();

        Assert.Equal(4200, rig.Sockets[0].ClosedWith);
        Assert.Equal("resume.example", rig.Socket.Address!.Host);
        await rig.StopAsync();
    });

    [Theory]
    [InlineData("true", "resume.example")]
    [InlineData("false", "gateway.example")]
    public void Op_9_waits_one_to_five_seconds_and_then_resumes_or_identifies(string resumable, string host) => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        await rig.SettleAsync(10);
        rig.Socket.Say($$"""{"op":9,"d":{{resumable}}}""");
        await rig.SettleAsync(2.9);
        Assert.Single(rig.Sockets);
        await rig.SettleAsync(0.2);

        Assert.Equal(host, rig.Socket.Address!.Host);
        await rig.StopAsync();
    });

    [Fact]
    public void Op_7_may_come_instead_of_hello() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.SettleAsync();
        rig.Socket.Say("""{"op":7,"d":null}""");
        await rig.SettleAsync(5);
        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Fact]
    public void Three_failed_resumes_drop_the_session() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        for (var i = 0; i < 4; i++)
        {
            rig.Socket.Close(null);
            await rig.SettleAsync(6);
        }

        Assert.Equal(
            ["gateway.example", "resume.example", "resume.example", "resume.example", "gateway.example"],
                rig.Sockets.Select(s => s.Address!.Host));
        await rig.StopAsync();
    });

    [Fact]
    public void Backs_off_up_to_a_minute_while_nothing_stands() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop) { MakeSocket = () => new ScriptedSocket { RefusesConnection = true } };
        await rig.SettleAsync(600);
        var early = rig.Sockets.Count;
        await rig.SettleAsync(450);

        Assert.InRange(early, 12, 25);
        Assert.Equal(10, rig.Sockets.Count - early);
        Assert.NotNull(rig.Health.LostSince);
        await rig.StopAsync();
    });

    [Fact]
    public void A_server_that_greets_and_hangs_up_is_not_hammered() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        for (var i = 0; i < 5; i++)
        {
            rig.Socket.Close(4000);
            await rig.SettleAsync(i == 0 ? 0 : 61);
            rig.Socket.Hello();
            rig.Socket.Dispatch(2 + i, "RESUMED");
            await rig.SettleAsync();
        }

        var count = rig.Sockets.Count;
        rig.Socket.Close(4000);
        await rig.SettleAsync(5);
        Assert.Equal(count, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Fact]
    public void Waits_for_the_quota_rather_than_lose_the_token() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        var asked = 0;
        rig.Address = () => new(new Uri("wss://gateway.example"), asked++ == 0 ? 3 : 1000, TimeSpan.FromHours(2));
        await rig.BecomeReadyAsync();
        asked = 0;
        rig.Socket.Close(1000);
        await rig.SettleAsync(7190);
        Assert.Single(rig.Sockets);
        Assert.Contains("session starts", rig.Health.Why, StringComparison.Ordinal);
        await rig.SettleAsync(20);
        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Fact]
    public void A_stop_closes_with_4200_and_the_next_bot_resumes() => TestLoop.Run(async loop =>
    {
        var notes = new MemoryNotes();
        using (var first = new GatewayRig(loop, notes))
        {
            await first.BecomeReadyAsync();
            first.Socket.Dispatch(42, "GUILD_CREATE");
            await first.SettleAsync();
            await first.StopAsync();
            Assert.Equal(4200, first.Socket.ClosedWith);
        }

        using var second = new GatewayRig(loop, notes);
        await second.SettleAsync();
        second.Socket.Hello();
        await second.SettleAsync();
        Assert.Equal(42, second.Socket.Sent.Single()["d"]!["seq"]!.GetValue<long>());
        await second.StopAsync();
    });

    [Fact]
    public void The_sequence_is_written_down_every_few_seconds_only() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        for (var i = 2; i < 102; i++)
        {
            rig.Socket.Dispatch(i, "GUILD_CREATE");
            await rig.SettleAsync(0.1);
        }

        Assert.InRange(rig.Notes.Writes, 2, 4);
        await rig.StopAsync();
        Assert.Contains("101", rig.Notes["discord/session"], StringComparison.Ordinal);
    });

    [Fact]
    public void A_connection_without_hello_is_given_up() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.SettleAsync(20.1);
        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Fact]
    public void Frames_that_can_not_be_read_are_passed_over_until_there_are_too_many() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        foreach (var nonsense in new[] { "", "[]", "{\"op\":\"x\"}", "{", "null" })
        {
            rig.Socket.Say(nonsense);
        }

        await rig.SettleAsync();
        Assert.Single(rig.Sockets);
        rig.Socket.Say("}");
        await rig.SettleAsync();
        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });

    [Fact]
    public void A_fresh_session_can_be_asked_for() => TestLoop.Run(async loop =>
    {
        using var rig = new GatewayRig(loop);
        await rig.BecomeReadyAsync();
        await rig.SettleAsync(10);
        rig.Session.StartAnew();
        await rig.SettleAsync();
        Assert.Equal("gateway.example", rig.Socket.Address!.Host);
        Assert.Equal(2, rig.Sockets.Count);
        await rig.StopAsync();
    });
}
