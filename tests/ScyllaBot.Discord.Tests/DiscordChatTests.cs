using ScyllaBot.Core.Tasks;
using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests;

public sealed class DiscordChatTests
{
    private static readonly Notice Card = new(Severity.Info, "Job");

    private readonly ManualTime _time = new();

    [Fact]
    public void Posts_to_the_channel_its_name_stands_for() => TestLoop.Run(async _ =>
    {
        var (rest, chat) = Make();
        Assert.Equal("500/1", (await chat.PostAsync("ops", Card, "n", default)).Value);
        await Assert.ThrowsAsync<UnrecoverableException>(() => chat.PostAsync("nowhere", Card, "n", default));
        Assert.Equal("https://discord.com/api/v10/channels/500/messages", Assert.Single(rest.Calls).Call.Uri.ToString());
    });

    [Fact]
    public void Finds_its_message_by_the_nonce_in_the_footer_and_nobody_elses() => TestLoop.Run(async _ =>
    {
        var (rest, chat) = Make();
        rest.Script(
            FakeRest.Of(200, """{"id":"3"}"""),
            FakeRest.Of(200, $"[{Message("9", "job · n1", author: "4")},{Message("8", "job · n11", author: "3")}]"),
            FakeRest.Of(200, $"[{Message("7", "job · n1", author: "3")}]"),
            FakeRest.Of(200, "[]"));
        Assert.Equal("500/7", (await chat.FindAsync("ops", "n1", default))!.Value.Value);
        Assert.Null(await chat.FindAsync("ops", "n1", default));

        // Who we are is asked once.
        Assert.Equal(
            ["/api/v10/users/@me", "/api/v10/channels/500/messages?limit=100", "/api/v10/channels/500/messages?limit=100&before=8", "/api/v10/channels/500/messages?limit=100"],
            rest.Calls.Select(c => c.Call.Uri.PathAndQuery));
    });

    [Fact]
    public void Failures_say_whether_another_try_helps() => TestLoop.Run(async _ =>
    {
        var (rest, chat) = Make();
        rest.Script(
            FakeRest.Of(404, """{"code":10008}"""), FakeRest.Of(429, """{"code":30046,"retry_after":5}"""),
            FakeRest.Of(403, """{"code":50013}"""), FakeRest.Of(401, "{}"));
        var message = new MessageRef("500/1");
        await Assert.ThrowsAsync<MessageGoneException>(() => chat.UpdateAsync(message, Card, default));
        await Assert.ThrowsAsync<RecoverableException>(() => chat.UpdateAsync(message, Card, default));
        await Assert.ThrowsAsync<UnrecoverableException>(() => chat.UpdateAsync(message, Card, default));
        await Assert.ThrowsAsync<RecoverableException>(() => chat.UpdateAsync(message, Card, default));
        await Assert.ThrowsAsync<UnrecoverableException>(() => chat.UpdateAsync(new MessageRef("nonsense"), Card, default));
    });

    [Fact]
    public void Logs_into_the_thread_of_the_message_whatever_state_it_is_in() => TestLoop.Run(async _ =>
    {
        var (rest, chat) = Make();
        rest.Script(FakeRest.Of(400, """{"code":160004}"""), FakeRest.Of(400, """{"code":50083}"""));
        await chat.LogAsync(new MessageRef("500/1"), "job", ["drained"], default);
        await chat.LogAsync(new MessageRef("500/1"), "job", ["stopped"], default);

        Assert.Equal(
            [
                "POST /api/v10/channels/500/messages/1/threads", "POST /api/v10/channels/1/messages", "PATCH /api/v10/channels/1",
                "POST /api/v10/channels/1/messages", "POST /api/v10/channels/1/messages",
            ],
            rest.Calls.Select(c => $"{c.Call.Method} {c.Call.Uri.AbsolutePath}"));
        Assert.Equal("```\ndrained\n```", rest.Body(3)["content"]!.ToString());
        Assert.Equal("""{"parse":[]}""", rest.Body(3)["allowed_mentions"]!.ToJsonString());
    });

    private (FakeRest Http, DiscordChat Chat) Make()
    {
        var rest = new FakeRest(_time);
        var options = new DiscordOptions { Channels = { ["ops"] = "500" } };
        return (rest, new DiscordChat(rest.Api(), new NoticeCard(new RoleBook(options)), options));
    }

    /// <param name="id">Of the message.</param>
    /// <param name="footer">Of its embed.</param>
    /// <param name="author">A bot's user id.</param>
    private static string Message(string id, string footer, string author) => new JsonObject
    {
        ["id"] = id,
        ["author"] = new JsonObject { ["id"] = author, ["bot"] = true },
        ["embeds"] = new JsonArray(new JsonObject { ["footer"] = new JsonObject { ["text"] = footer } }),
    }.ToJsonString();
}
