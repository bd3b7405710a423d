using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>The human's side: the contract with the page.</summary>
public sealed class PageApiTests
{
    [Fact]
    public async Task Describes_the_world()
    {
        await using var host = await EmulatorHost.StartAsync();
        var world = await host.Human.GetAsync("world");
        Assert.Equal($"{Known.Application}", (string)world["application_id"]!);
        Assert.Equal($"{Known.Bot}", (string)world["bot_user_id"]!);
        Assert.Equal("ScyllaBot sandbox", (string)world["guild"]!["name"]!);
        Assert.Equal("mara jon lena kim", Names(world["users"]!));
        Assert.Equal("operator approver approver bystander", string.Join(' ', world["users"]!.AsArray().Select(user => (string)user!["title"]!)));
        Assert.Equal("channels ops staging infra-doing oncall", Names(world["channels"]!));
        Assert.Equal("@everyone reader operator approver on-call ScyllaBot", Names(world["roles"]!));
    }

    [Fact]
    public async Task Streams_to_each_user_what_that_user_sees()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        using var mara = await host.Human.ListenAsync(Known.Mara);
        using var jon = await host.Human.ListenAsync(Known.Jon);
        var interaction = await InteractionTests.AskAsync(host, bot);
        await host.Bot.CallbackAsync(interaction, 4, new JsonObject { ["content"] = "secret", ["flags"] = 64 });
        await host.Bot.PostAsync($"channels/{Known.Ops}/messages", new JsonObject { ["content"] = "public" });

        Assert.Equal("commands interaction:sent message:secret interaction:acked message:public", await EventsAsync(mara, 5));
        Assert.Equal("commands message:public", await EventsAsync(jon, 2));
    }

    [Theory]
    [InlineData("command", """{"user":"1","channel":"1100000000000000401","name":"scp"}""", 404)]
    [InlineData("say", """{"user":"1100000000000000201","channel":"1100000000000000400","content":"x"}""", 404)]
    [InlineData("say", """{"user":"1100000000000000201","channel":"1100000000000000401","content":" "}""", 400)]
    [InlineData("say", """{"user":"1100000000000000011","channel":"1100000000000000401","content":"x"}""", 404)]
    [InlineData("press", """{"user":"1100000000000000201","channel":"1100000000000000401","message":"1","custom_id":"x"}""", 404)]
    [InlineData("faults", """{"kind":"earthquake"}""", 400)]
    public async Task Refuses_what_no_client_could_send(string path, string body, int status)
    {
        await using var host = await EmulatorHost.StartAsync();
        var (answered, error) = await host.Human.TryPostAsync(path, JsonNode.Parse(body)!.AsObject());
        Assert.Equal(status, answered);
        Assert.NotNull((string?)error["error"]);
    }

    private static string Names(JsonNode list) => string.Join(' ', list.AsArray().Select(item => (string)item!["name"]!));

    /// <summary>The next events as name, or name:content, or name:state.</summary>
    private static async Task<string> EventsAsync(StreamReader stream, int count)
    {
        var events = new List<string>();
        while (events.Count < count)
        {
            var name = (await stream.ReadLineAsync())!["event: ".Length..];
            var data = JsonNode.Parse((await stream.ReadLineAsync())!["data: ".Length..])!;
            Assert.Equal("", await stream.ReadLineAsync());
            var detail = (string?)data["content"] ?? (string?)data["state"];
            events.Add(detail is null ? name : $"{name}:{detail}");
        }

        return string.Join(' ', events);
    }
}
