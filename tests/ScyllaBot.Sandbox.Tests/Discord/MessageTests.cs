using System.Text;
using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>Messages, mentions, nonces, threads, webhooks and direct messages: facts A2, A6, A7.</summary>
public sealed class MessageTests
{
    private static readonly string Messages = $"channels/{Known.Ops}/messages";

    private static readonly string Everyone = $"<@{Known.Mara}> <@{Known.Jon}> <@&{Known.OnCall}> <@&{Known.Operator}> @everyone";

    [Theory]
    [InlineData("""{"parse":[]}""", "", "")]
    [InlineData("""{"parse":["users"]}""", "201 202", "")]
    [InlineData("""{"users":["1100000000000000201"]}""", "201", "")]
    [InlineData("""{"parse":["roles"]}""", "202", "304")]
    [InlineData("""{"roles":["1100000000000000302"]}""", "", "")]
    [InlineData("""{"parse":["everyone"]}""", "", "")]
    [InlineData("""{}""", "", "")]
    [InlineData("null", "201 202", "304")]
    public async Task Pings_only_whom_the_text_names_and_allowed_mentions_lets_through(string allowed, string pinged, string roles)
    {
        await using var host = await EmulatorHost.StartAsync();
        var reply = await host.Bot.PostAsync(
            Messages,
            new JsonObject { ["content"] = Everyone, ["allowed_mentions"] = JsonNode.Parse(allowed) }
        );

        Assert.False((bool)reply.Body!["mention_everyone"]!);
        Assert.Equal(roles, string.Join(' ', reply.Body["mention_roles"]!.AsArray().Select(Short)));
        Assert.Equal(pinged, string.Join(' ', (await host.Human.MessagesAsync())[0]["pings"]!.AsArray().Select(Short)));
    }

    [Fact]
    public async Task Never_pings_by_an_edit_but_parses_mentions_again()
    {
        await using var host = await EmulatorHost.StartAsync();
        var card = await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "card" });
        var edited = await host.Bot.PatchAsync($"{Messages}/{card.Id}", new JsonObject { ["content"] = Everyone });
        Assert.Equal(2, edited.Body!["mentions"]!.AsArray().Count);
        Assert.Empty((await host.Human.MessagesAsync())[0]["pings"]!.AsArray());
        Assert.NotNull(edited.Body["edited_timestamp"]);
    }

    [Fact]
    public async Task Posts_once_per_enforced_nonce_for_a_few_minutes()
    {
        await using var host = await EmulatorHost.StartAsync();
        JsonObject Card(bool enforce) =>
            new()
            {
                ["content"] = "card",
                ["nonce"] = "job-1",
                ["enforce_nonce"] = enforce,
            };
        var first = await host.Bot.PostAsync(Messages, Card(enforce: true));
        Assert.Equal("job-1", (string)first.Body!["nonce"]!);
        Assert.Equal(first.Id, (await host.Bot.PostAsync(Messages, Card(enforce: true))).Id);
        var second = await host.Bot.PostAsync(Messages, Card(enforce: false));
        Assert.NotEqual(first.Snowflake, second.Snowflake);
        host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEqual(second.Snowflake, (await host.Bot.PostAsync(Messages, Card(enforce: true))).Snowflake);
        Assert.Equal(
            "BASE_TYPE_MAX_LENGTH",
            (await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "x", ["nonce"] = new string('n', 26) })).ErrorAt("nonce")
        );
    }

    [Fact]
    public async Task Does_the_work_of_a_post_whose_answer_gets_lost()
    {
        await using var host = await EmulatorHost.StartAsync();
        await host.Human.FaultAsync("rest-lost", new JsonObject { ["method"] = "POST" });
        var card = new JsonObject
        {
            ["content"] = "card",
            ["nonce"] = "job-2",
            ["enforce_nonce"] = true,
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Bot.PostAsync(Messages, card));
        var again = await host.Bot.PostAsync(Messages, card);
        Assert.Equal(again.Id, (string)Assert.Single(await host.Human.MessagesAsync())["id"]!);
    }

    [Fact]
    public async Task Lists_around_before_and_after_newest_first()
    {
        await using var host = await EmulatorHost.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = $"line {i}" })).Id);
        }

        Assert.Equal("4 3", await LinesAsync(host, "?limit=2"));
        Assert.Equal("1 0", await LinesAsync(host, $"?before={ids[2]}"));
        Assert.Equal("4 3", await LinesAsync(host, $"?after={ids[2]}"));
        Assert.Equal("2 1", await LinesAsync(host, $"?around={ids[2]}&limit=2"));
        Assert.Equal(50035, (await host.Bot.GetAsync(Messages + "?limit=101")).Code);
    }

    [Fact]
    public async Task Knows_whose_message_it_is_and_which_are_gone()
    {
        await using var host = await EmulatorHost.StartAsync();
        var said = await host.Human.PostAsync(
            "say",
            new JsonObject
            {
                ["user"] = $"{Known.Mara}",
                ["channel"] = $"{Known.Ops}",
                ["content"] = "hi",
            }
        );
        var foreign = await host.Bot.PatchAsync($"{Messages}/{said["message"]}", new JsonObject { ["content"] = "mine" });
        Assert.Equal((403, 50005), (foreign.Status, foreign.Code));
        Assert.Equal(10003, (await host.Bot.GetAsync("channels/1/messages")).Code);
        Assert.Equal(50035, (await host.Bot.GetAsync("channels/ops/messages")).Code);

        var own = await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "own" });
        var deleted = await host.Bot.DeleteAsync($"{Messages}/{own.Id}");
        Assert.Equal(204, deleted.Status);
        Assert.False(deleted.Headers.ContainsKey("Content-Type"));
        Assert.Equal(10008, (await host.Bot.PatchAsync($"{Messages}/{own.Id}", new JsonObject { ["content"] = "back" })).Code);
        await host.Human.FaultAsync("no-access", new JsonObject { ["channel"] = $"{Known.Ops}" });
        Assert.Equal(50001, (await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "x" })).Code);
    }

    [Fact]
    public async Task What_the_bot_is_denied_in_a_channel_shows_in_its_overwrites_and_counts()
    {
        await using var host = await EmulatorHost.StartAsync();
        await host.Human.FaultAsync("deny", new JsonObject { ["channel"] = $"{Known.Ops}", ["permissions"] = "18432" });

        var channel = (await host.Bot.GetAsync($"channels/{Known.Ops}")).Body;
        var overwrite = Assert.Single(channel!["permission_overwrites"]!.AsArray())!;
        Assert.Equal($"{Known.Bot} 1 0 18432", $"{overwrite["id"]} {overwrite["type"]} {overwrite["allow"]} {overwrite["deny"]}");
        Assert.Equal(50013, (await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "x" })).Code);
    }

    [Fact]
    public async Task Opens_a_thread_with_the_messages_id_and_keeps_archived_ones_shut()
    {
        await using var host = await EmulatorHost.StartAsync();
        var card = await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "card" });
        var thread = await host.Bot.PostAsync(
            $"{Messages}/{card.Id}/threads",
            new JsonObject { ["name"] = "log", ["auto_archive_duration"] = 1440 }
        );
        Assert.Equal((201, card.Id), (thread.Status, thread.Id));
        Assert.Equal(160004, (await host.Bot.PostAsync($"{Messages}/{card.Id}/threads", new JsonObject { ["name"] = "log" })).Code);
        var line = await host.Bot.PostAsync($"channels/{thread.Id}/messages", new JsonObject { ["content"] = "line" });

        var archived = await host.Bot.PatchAsync($"channels/{thread.Id}", new JsonObject { ["archived"] = true });
        Assert.True((bool)archived.Body!["thread_metadata"]!["archived"]!);
        var edit = await host.Bot.PatchAsync($"channels/{thread.Id}/messages/{line.Id}", new JsonObject { ["content"] = "x" });
        Assert.Equal((400, 50083), (edit.Status, edit.Code));
        await host.Bot.PostAsync($"channels/{thread.Id}/messages", new JsonObject { ["content"] = "wakes it" });
        Assert.False((bool)(await host.Bot.GetAsync($"channels/{thread.Id}")).Body!["thread_metadata"]!["archived"]!);
        Assert.Contains((await host.Human.GetAsync("world"))["channels"]!.AsArray(), channel => (string)channel!["id"]! == thread.Id);
        Assert.Equal(
            12,
            (int)(await host.Bot.PostAsync($"channels/{Known.Ops}/threads", new JsonObject { ["name"] = "quiet" })).Body!["type"]!
        );
    }

    [Fact]
    public async Task Takes_files_by_multipart_keeps_those_listed_and_shows_them_under_their_links()
    {
        await using var host = await EmulatorHost.StartAsync();
        var sent = await host.Bot.SendAsync(
            HttpMethod.Post,
            Messages,
            Files("""{"attachments":[{"id":0,"description":"a log"}]}""", "log.txt", "more.txt")
        );
        var files = sent.Body!["attachments"]!.AsArray();
        Assert.Equal(("log.txt", "a log", 7), ((string)files[0]!["filename"]!, (string)files[0]!["description"]!, (int)files[0]!["size"]!));
        using var http = new HttpClient();
        Assert.Equal("log.txt", await http.GetStringAsync((string)files[0]!["url"]!));

        var kept = new JsonObject { ["attachments"] = new JsonArray(new JsonObject { ["id"] = (string)files[1]!["id"]! }) };
        var edited = await host.Bot.PatchAsync($"{Messages}/{sent.Id}", kept);
        Assert.Equal("more.txt", (string)Assert.Single(edited.Body!["attachments"]!.AsArray())!["filename"]!);
        Assert.Equal(
            50006,
            (await host.Bot.PatchAsync($"{Messages}/{sent.Id}", new JsonObject { ["attachments"] = new JsonArray() })).Code
        );
    }

    [Fact]
    public async Task Runs_webhooks_with_and_without_waiting()
    {
        await using var host = await EmulatorHost.StartAsync();
        Assert.Equal(
            "USERNAME_INVALID_CONTAINS",
            (await host.Bot.PostAsync($"channels/{Known.Ops}/webhooks", new JsonObject { ["name"] = "Discord pager" })).ErrorAt("name")
        );
        var made = await host.Bot.PostAsync($"channels/{Known.Ops}/webhooks", new JsonObject { ["name"] = "pager" });
        var path = $"webhooks/{made.Id}/{made.Body!["token"]}";
        host.Bot.Headers.Authorization = null;
        Assert.Equal(204, (await host.Bot.PostAsync(path, new JsonObject { ["content"] = "silent" })).Status);
        var message = await host.Bot.PostAsync(path + "?wait=true", new JsonObject { ["content"] = Everyone, ["username"] = "Pager" });
        Assert.Equal("Pager", (string)message.Body!["author"]!["username"]!);
        Assert.Equal("201 202", string.Join(' ', (await host.Human.MessagesAsync())[^1]["pings"]!.AsArray().Select(Short)));
        Assert.Equal((401, 50027), await Refused(host.Bot.PostAsync($"webhooks/{made.Id}/wrong", new JsonObject { ["content"] = "x" })));
        Assert.Equal((404, 10015), await Refused(host.Bot.PostAsync("webhooks/1/wrong", new JsonObject { ["content"] = "x" })));
    }

    [Fact]
    public async Task Opens_one_direct_channel_per_user_and_respects_who_refuses()
    {
        await using var host = await EmulatorHost.StartAsync();
        var mara = await host.Bot.PostAsync("users/@me/channels", new JsonObject { ["recipient_id"] = $"{Known.Mara}" });
        Assert.Equal(mara.Id, (await host.Bot.PostAsync("users/@me/channels", new JsonObject { ["recipient_id"] = $"{Known.Mara}" })).Id);
        Assert.Equal(200, (await host.Bot.PostAsync($"channels/{mara.Id}/messages", new JsonObject { ["content"] = "psst" })).Status);
        Assert.Single(await host.Human.MessagesAsync(Known.Mara, ulong.Parse(mara.Id)));
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Human.MessagesAsync(Known.Jon, ulong.Parse(mara.Id)));
        var kim = await host.Bot.PostAsync("users/@me/channels", new JsonObject { ["recipient_id"] = $"{Known.Kim}" });
        Assert.Equal((403, 50007), await Refused(host.Bot.PostAsync($"channels/{kim.Id}/messages", new JsonObject { ["content"] = "x" })));
    }

    [Fact]
    public async Task Keeps_a_bounded_history()
    {
        await using var host = await EmulatorHost.StartAsync(options => options.MessagesPerChannel = 3);
        var first = await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "first" });
        for (var i = 0; i < 3; i++)
        {
            await host.Human.PostAsync(
                "say",
                new JsonObject
                {
                    ["user"] = $"{Known.Mara}",
                    ["channel"] = $"{Known.Ops}",
                    ["content"] = $"line {i}",
                }
            );
        }

        Assert.Equal(3, (await host.Human.MessagesAsync()).Count);
        Assert.Equal(10008, (await host.Bot.GetAsync($"{Messages}/{first.Id}")).Code);
    }

    private static string Short(JsonNode? id) => ((string)id!)[^3..];

    private static async Task<(int Status, int Code)> Refused(Task<BotReply> call)
    {
        var reply = await call;
        return (reply.Status, reply.Code);
    }

    private static async Task<string> LinesAsync(EmulatorHost host, string query) =>
        string.Join(
            ' ',
            (await host.Bot.GetAsync(Messages + query)).Body!.AsArray().Select(message => ((string)message!["content"]!)[^1..])
        );

    private static MultipartFormDataContent Files(string json, params string[] names)
    {
        var form = new MultipartFormDataContent { { new StringContent(json, Encoding.UTF8, "application/json"), "payload_json" } };
        foreach (var (index, name) in names.Index())
        {
            form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(name)), $"files[{index}]", name);
        }

        return form;
    }
}
