using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>The life of an interaction: facts A3, A4 and the two deadlines.</summary>
public sealed class InteractionTests
{
    private const string Hook = "webhooks/1100000000000000010/";

    [Fact]
    public async Task Carries_member_permissions_channel_and_guild_as_the_docs_list_them()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var interaction = await AskAsync(host, bot);

        Assert.Equal(1, (int)interaction["version"]!);
        Assert.Equal("1100000000000000010", (string)interaction["application_id"]!);
        Assert.Equal($"{Known.Guild}", (string)interaction["guild_id"]!);
        Assert.Equal("ops", (string)interaction["channel"]!["name"]!);
        var member = interaction["member"]!.AsObject();
        Assert.Equal("mara", (string)member["user"]!["username"]!);
        Assert.Equal($"{Known.Operator}", (string)Assert.Single(member["roles"]!.AsArray())!);
        Assert.True(ulong.TryParse((string)member["permissions"]!, out _));
        Assert.False(string.IsNullOrEmpty((string)member["joined_at"]!));
        Assert.Null(interaction["user"]);
        Assert.Equal("en-US", (string)interaction["locale"]!);
        Assert.Equal(0, (int)interaction["context"]!);
        Assert.Equal($"{Known.Guild}", (string)interaction["authorizing_integration_owners"]!["0"]!);
        Assert.Empty(interaction["entitlements"]!.AsArray());
        Assert.Equal(10_485_760, (int)interaction["attachment_size_limit"]!);
        Assert.True(ulong.TryParse((string)interaction["app_permissions"]!, out _));
    }

    [Fact]
    public async Task Takes_one_answer_and_refuses_the_second_with_40060()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var interaction = await AskAsync(host, bot);

        var first = await host.Bot.CallbackAsync(interaction, 4, new JsonObject { ["content"] = "done" });
        Assert.Equal(204, first.Status);
        Assert.False(first.Headers.ContainsKey("Content-Type"));
        var second = await host.Bot.CallbackAsync(interaction, 5);
        Assert.Equal((400, 40060), (second.Status, second.Code));
    }

    [Fact]
    public async Task Returns_the_message_of_an_answer_when_asked_to()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var reply = await host.Bot.CallbackAsync(await AskAsync(host, bot), 5, new JsonObject { ["flags"] = 64 }, "?with_response=true");

        Assert.Equal(200, reply.Status);
        Assert.True((bool)reply.Body!["interaction"]!["response_message_loading"]!);
        Assert.True((bool)reply.Body["interaction"]!["response_message_ephemeral"]!);
        Assert.Equal(5, (int)reply.Body["resource"]!["type"]!);
        Assert.Equal(128 | 64, (int)reply.Body["resource"]!["message"]!["flags"]!);
    }

    [Fact]
    public async Task Is_unknown_three_seconds_after_it_was_sent()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var inTime = await AskAsync(host, bot);
        var late = await AskAsync(host, bot);
        host.Time.Advance(TimeSpan.FromMilliseconds(2_999));
        Assert.Equal(204, (await host.Bot.CallbackAsync(inTime, 5)).Status);

        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        var refused = await host.Bot.CallbackAsync(late, 5);
        Assert.Equal((404, 10062), (refused.Status, refused.Code));
        var notice = (await host.Human.MessagesAsync())[^1];
        Assert.True((bool)notice["interaction_failed"]!);
        Assert.DoesNotContain(await host.Human.MessagesAsync(Known.Jon), message => (string)message["id"]! == (string)notice["id"]!);
    }

    [Fact]
    public async Task Loses_its_token_after_fifteen_minutes_and_the_thinking_message_fails()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var interaction = await AskAsync(host, bot);
        await host.Bot.CallbackAsync(interaction, 5);
        host.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(200, (await host.Bot.GetAsync($"{Hook}{interaction["token"]}/messages/@original")).Status);

        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        var refused = await host.Bot.PatchAsync(
            $"{Hook}{interaction["token"]}/messages/@original",
            new JsonObject { ["content"] = "late" }
        );
        Assert.Equal((401, 50027), (refused.Status, refused.Code));
        var message = Assert.Single(await host.Human.MessagesAsync());
        Assert.True((bool)message["thinking"]!);
        Assert.True((bool)message["interaction_failed"]!);
    }

    [Fact]
    public async Task Turns_the_thinking_message_into_the_answer_by_an_edit()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var interaction = await AskAsync(host, bot);
        Assert.Equal(10015, (await host.Bot.PostAsync(Hook + interaction["token"], new JsonObject { ["content"] = "early" })).Code);
        await host.Bot.CallbackAsync(interaction, 5);
        Assert.True((bool)(await host.Human.MessagesAsync())[0]["thinking"]!);

        var edited = await host.Bot.PatchAsync(
            $"{Hook}{interaction["token"]}/messages/@original",
            new JsonObject { ["content"] = $"<@{Known.Jon}>" }
        );
        Assert.Equal(0, (int)edited.Body!["flags"]!);
        Assert.Equal(20, (int)edited.Body["type"]!);
        Assert.Equal("mara", (string)edited.Body["interaction_metadata"]!["user"]!["username"]!);
        var seen = Assert.Single(await host.Human.MessagesAsync());
        Assert.False((bool)seen["thinking"]!);
        Assert.Empty(seen["pings"]!.AsArray());
    }

    [Fact]
    public async Task Follows_up_ephemerally_for_its_user_only_and_out_of_reach_of_the_channel_routes()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var interaction = await AskAsync(host, bot);
        await host.Bot.CallbackAsync(interaction, 4, new JsonObject { ["content"] = "public" });

        var followUp = await host.Bot.PostAsync(
            Hook + interaction["token"],
            new JsonObject { ["content"] = $"<@{Known.Mara}> secret", ["flags"] = 64 }
        );
        Assert.Equal(2, (await host.Human.MessagesAsync()).Count);
        Assert.Single(await host.Human.MessagesAsync(Known.Jon));
        Assert.Empty((await host.Human.MessagesAsync())[^1]["pings"]!.AsArray());
        Assert.Equal(
            10008,
            (await host.Bot.PatchAsync($"channels/{Known.Ops}/messages/{followUp.Id}", new JsonObject { ["content"] = "x" })).Code
        );
        Assert.Equal(204, (await host.Bot.DeleteAsync($"{Hook}{interaction["token"]}/messages/{followUp.Id}")).Status);
        Assert.Single(await host.Human.MessagesAsync());
    }

    [Fact]
    public async Task Lets_a_press_update_its_message_and_shows_a_failed_press_on_it()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var card = await host.Bot.PostAsync(
            $"channels/{Known.Ops}/messages",
            new JsonObject { ["content"] = "card", ["components"] = Buttons("go") }
        );
        await host.Human.PressAsync(card.Id, "go", Known.Jon);
        var press = await bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.Equal((3, 2), ((int)press["type"]!, (int)press["data"]!["component_type"]!));
        Assert.Equal(card.Id, (string)press["message"]!["id"]!);
        Assert.Equal(
            204,
            (await host.Bot.CallbackAsync(press, 7, new JsonObject { ["content"] = "gone", ["components"] = new JsonArray() })).Status
        );
        Assert.Equal("gone", (string)(await host.Bot.GetAsync($"channels/{Known.Ops}/messages/{card.Id}")).Body!["content"]!);

        var (status, answer) = await host.Human.TryPostAsync(
            "press",
            new JsonObject
            {
                ["user"] = $"{Known.Jon}",
                ["channel"] = $"{Known.Ops}",
                ["message"] = card.Id,
                ["custom_id"] = "go",
            }
        );
        Assert.Equal((404, "This message has no such component."), (status, (string)answer["error"]!));

        var other = await host.Bot.PostAsync(
            $"channels/{Known.Ops}/messages",
            new JsonObject { ["content"] = "card", ["components"] = Buttons("go") }
        );
        await host.Human.PressAsync(other.Id, "go");
        host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.True((bool)(await host.Human.MessagesAsync())[^1]["interaction_failed"]!);
    }

    [Fact]
    public async Task Opens_a_modal_for_its_user_and_brings_back_what_was_typed()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        using var events = await host.Human.ListenAsync(Known.Mara);
        var modal = new JsonObject
        {
            ["custom_id"] = "why",
            ["title"] = "Why",
            ["components"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = 18,
                    ["label"] = "Reason",
                    ["component"] = new JsonObject
                    {
                        ["type"] = 4,
                        ["custom_id"] = "reason",
                        ["style"] = 1,
                        ["min_length"] = 3,
                    },
                }
            ),
        };
        Assert.Equal(204, (await host.Bot.CallbackAsync(await AskAsync(host, bot), 9, modal)).Status);
        string? line;
        do
        {
            line = await events.ReadLineAsync();
        } while (line != "event: modal");
        Assert.Contains("\"custom_id\":\"why\"", await events.ReadLineAsync(), StringComparison.Ordinal);

        var (status, _) = await host.Human.TryPostAsync("modal", Typed("no", Known.Mara));
        Assert.Equal(400, status);
        Assert.Equal(404, (await host.Human.TryPostAsync("modal", Typed("because", Known.Jon))).Status);
        await host.Human.PostAsync("modal", Typed("because", Known.Mara));
        var submitted = await bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.Equal(5, (int)submitted["type"]!);
        Assert.Equal("because", (string)submitted["data"]!["components"]![0]!["component"]!["value"]!);
        Assert.Equal("BASE_TYPE_CHOICES", (await host.Bot.CallbackAsync(submitted, 9, modal)).ErrorAt("type"));
        Assert.Equal(204, (await host.Bot.CallbackAsync(submitted, 4, new JsonObject { ["content"] = "noted" })).Status);
    }

    [Fact]
    public async Task Gives_up_on_autocomplete_after_three_seconds_with_an_empty_list()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        await RegisterAsync(host);
        var waiting = host.Human.PostAsync("autocomplete", Focused());
        var first = await bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.True((bool)first["data"]!["options"]![0]!["options"]![0]!["focused"]!);
        host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty((await waiting)["choices"]!.AsArray());
        Assert.Equal(10062, (await host.Bot.CallbackAsync(first, 8, new JsonObject { ["choices"] = new JsonArray() })).Code);

        waiting = host.Human.PostAsync("autocomplete", Focused());
        var second = await bot.ReadEventAsync("INTERACTION_CREATE");
        var choice = new JsonObject { ["name"] = "messages", ["value"] = "messages-stg" };
        await host.Bot.CallbackAsync(second, 8, new JsonObject { ["choices"] = new JsonArray(choice) });
        Assert.Equal("messages-stg", (string)(await waiting)["choices"]![0]!["value"]!);
    }

    [Fact]
    public async Task Is_not_even_sent_when_the_humans_client_would_refuse_it()
    {
        await using var host = await EmulatorHost.StartAsync();
        await RegisterAsync(host);
        Assert.Equal("cluster", await RefusedOptionAsync(host, new JsonArray()));
        Assert.Equal("zones", await RefusedOptionAsync(host, new JsonArray(Option(3, "cluster", "a"), Option(4, "zones", 9))));
        Assert.Equal("zones", await RefusedOptionAsync(host, new JsonArray(Option(3, "cluster", "a"), Option(4, "zones", "two"))));
        Assert.Equal("mode", await RefusedOptionAsync(host, new JsonArray(Option(3, "cluster", "a"), Option(3, "mode", "other"))));
        Assert.Equal("bogus", await RefusedOptionAsync(host, new JsonArray(Option(3, "cluster", "a"), Option(3, "bogus", "b"))));
        Assert.Equal(
            404,
            (
                await host.Human.TryPostAsync(
                    "command",
                    new JsonObject
                    {
                        ["user"] = $"{Known.Mara}",
                        ["channel"] = $"{Known.Ops}",
                        ["name"] = "nothing",
                    }
                )
            ).Status
        );
    }

    internal static JsonArray Buttons(params string[] ids) =>
        new(
            new JsonObject
            {
                ["type"] = 1,
                ["components"] = new JsonArray([
                    .. ids.Select(id =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["type"] = 2,
                                ["style"] = 1,
                                ["label"] = "Press",
                                ["custom_id"] = id,
                            }
                    ),
                ]),
            }
        );

    internal static async Task<JsonObject> AskAsync(EmulatorHost host, BotGateway bot, ulong user = Known.Mara)
    {
        await RegisterAsync(host);
        await host.Human.CommandAsync("scp", RunOptions(), user);
        return await bot.ReadEventAsync("INTERACTION_CREATE");
    }

    internal static JsonArray RunOptions() => new(Run(new JsonArray(Option(3, "cluster", "messages-stg"))));

    private static async Task RegisterAsync(EmulatorHost host)
    {
        var options = new JsonArray(
            Definition(3, "cluster", ("required", true), ("autocomplete", true)),
            Definition(4, "zones", ("min_value", 1), ("max_value", 3)),
            Definition(3, "mode", ("choices", new JsonArray(new JsonObject { ["name"] = "dry", ["value"] = "dry" })))
        );
        var run = Definition(1, "run", ("options", options));
        var command = new JsonObject
        {
            ["name"] = "scp",
            ["description"] = "control",
            ["options"] = new JsonArray(run),
        };
        Assert.Equal(
            200,
            (await host.Bot.PutAsync($"applications/{Known.Application}/guilds/{Known.Guild}/commands", new JsonArray(command))).Status
        );
    }

    private static async Task<string> RefusedOptionAsync(EmulatorHost host, JsonArray options)
    {
        var (status, answer) = await host.Human.TryPostAsync(
            "command",
            new JsonObject
            {
                ["user"] = $"{Known.Mara}",
                ["channel"] = $"{Known.Ops}",
                ["name"] = "scp",
                ["options"] = new JsonArray(Run(options)),
            }
        );
        Assert.Equal(400, status);
        return (string)answer["option"]!;
    }

    private static JsonObject Definition(int type, string name, params (string Key, JsonNode Value)[] more)
    {
        var definition = new JsonObject
        {
            ["type"] = type,
            ["name"] = name,
            ["description"] = "d",
        };
        foreach (var (key, value) in more)
        {
            definition[key] = value;
        }

        return definition;
    }

    private static JsonObject Option(int type, string name, JsonNode value) =>
        new()
        {
            ["type"] = type,
            ["name"] = name,
            ["value"] = value,
        };

    private static JsonObject Run(JsonArray options) =>
        new()
        {
            ["type"] = 1,
            ["name"] = "run",
            ["options"] = options,
        };

    private static JsonObject Focused()
    {
        var option = Option(3, "cluster", "mes");
        option["focused"] = true;
        return new JsonObject
        {
            ["user"] = $"{Known.Mara}",
            ["channel"] = $"{Known.Ops}",
            ["name"] = "scp",
            ["options"] = new JsonArray(Run(new JsonArray(option))),
        };
    }

    private static JsonObject Typed(string text, ulong user) =>
        new()
        {
            ["user"] = $"{user}",
            ["channel"] = $"{Known.Ops}",
            ["custom_id"] = "why",
            ["components"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = 18,
                    ["component"] = new JsonObject
                    {
                        ["type"] = 4,
                        ["custom_id"] = "reason",
                        ["value"] = text,
                    },
                }
            ),
        };
}
