using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>Every family of limits of facts B: refused with 50035 and a tree, and accepted right at the limit.</summary>
public sealed class ValidationTests
{
    private static readonly string Messages = $"channels/{Known.Ops}/messages";

    public static TheoryData<string, string, string> BadMessages =>
        new()
        {
            { $$"""{"content":"{{Text(2001)}}"}""", "content", "BASE_TYPE_MAX_LENGTH" },
            { """{"content":7}""", "content", "STRING_TYPE_CONVERT" },
            { $$"""{"embeds":[{"title":"{{Text(257)}}"}]}""", "embeds.0.title", "BASE_TYPE_MAX_LENGTH" },
            { $$"""{"embeds":[{"description":"{{Text(4097)}}"}]}""", "embeds.0.description", "BASE_TYPE_MAX_LENGTH" },
            { $$"""{"embeds":[{"fields":[{"name":"n","value":"{{Text(1025)}}"}]}]}""", "embeds.0.fields.0.value", "BASE_TYPE_BAD_LENGTH" },
            { """{"embeds":[{"fields":[{"name":"n"}]}]}""", "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED" },
            { $$"""{"embeds":[{"fields":[{{Many(26, """{"name":"n","value":"v"}""")}}]}]}""", "embeds.0.fields", "BASE_TYPE_MAX_LENGTH" },
            { $$"""{"embeds":[{{Many(11, """{"title":"t"}""")}}]}""", "embeds", "BASE_TYPE_MAX_LENGTH" },
            { $$"""{"embeds":[{"description":"{{Text(4000)}}"},{"description":"{{Text(2001)}}"}]}""", "embeds", "MAX_EMBED_SIZE_EXCEEDED" },
            { """{"embeds":[{}]}""", "embeds.0.description", "BASE_TYPE_REQUIRED" },
            { """{"embeds":[{"title":"t","color":16777216}]}""", "embeds.0.color", "NUMBER_TYPE_MAX" },
            { """{"embeds":[{"title":"t","timestamp":"soon"}]}""", "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE" },
            { """{"embeds":[{"title":"t","url":"ftp://x"}]}""", "embeds.0.url", "URL_TYPE_INVALID_SCHEME" },
            { $$"""{"components":[{{Many(6, Row(Button("a")))}}]}""", "components", "BASE_TYPE_MAX_LENGTH" },
            { $$"""{"components":[{{Row(Many(6, Button("a")))}}]}""", "components.0.components", "BASE_TYPE_BAD_LENGTH" },
            {
                $$"""{"components":[{{Row(Button("a") + "," + Button("a"))}}]}""",
                "components.0.components.1.custom_id",
                "COMPONENT_CUSTOM_ID_DUPLICATED"
            },
            { $$"""{"components":[{{Row(Button(Text(101)))}}]}""", "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH" },
            {
                """{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"x"}]}]}""",
                "components.0.components.0.custom_id",
                "BASE_TYPE_REQUIRED"
            },
            {
                """{"components":[{"type":1,"components":[{"type":2,"style":5,"label":"x"}]}]}""",
                "components.0.components.0.url",
                "BASE_TYPE_REQUIRED"
            },
            { """{"components":[{"type":17,"components":[]}]}""", "components.0.type", "BASE_TYPE_CHOICES" },
            { """{"content":"x","flags":32768}""", "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2" },
            {
                """{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}""",
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            },
            { """{"content":"x","allowed_mentions":{"parse":["all"]}}""", "allowed_mentions.parse.0", "BASE_TYPE_CHOICES" },
            { $$"""{"content":"x","allowed_mentions":{"users":[{{Numbers(101)}}] } }""", "allowed_mentions.users", "BASE_TYPE_MAX_LENGTH" },
            { """{"content":"x","attachments":[{"id":3}]}""", "attachments.0.id", "ATTACHMENT_NOT_FOUND" },
            { """{"content":"x","message_reference":{"message_id":"1"}}""", "message_reference", "REPLIES_UNKNOWN_MESSAGE" },
        };

    public static TheoryData<string, string, string> BadCommands =>
        new()
        {
            { """[{"name":"Scp","description":"d"}]""", "0.name", "APPLICATION_COMMAND_INVALID_NAME" },
            { """[{"name":"a b","description":"d"}]""", "0.name", "APPLICATION_COMMAND_INVALID_NAME" },
            { $$"""[{"name":"{{Text(33)}}","description":"d"}]""", "0.name", "BASE_TYPE_BAD_LENGTH" },
            { """[{"name":"scp"}]""", "0.description", "BASE_TYPE_REQUIRED" },
            { $$"""[{"name":"scp","description":"{{Text(101)}}"}]""", "0.description", "BASE_TYPE_BAD_LENGTH" },
            { """[{"name":"a","description":"d"},{"name":"a","description":"d"}]""", "", "APPLICATION_COMMANDS_DUPLICATE_NAME" },
            { $$"""[{"name":"a","description":"d","options":[{{Many(26, Option("o", ""))}}]}]""", "0.options", "BASE_TYPE_MAX_LENGTH" },
            {
                $$"""[{"name":"a","description":"d","options":[{{Option("o", "")}},{{Option("p", ""","required":true""")}}]}]""",
                "0.options.1",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            },
            {
                $$"""[{"name":"a","description":"d","options":[{{Option("o", Choices(26))}}]}]""",
                "0.options.0.choices",
                "BASE_TYPE_MAX_LENGTH"
            },
            {
                $$"""[{"name":"a","description":"d","options":[{{SubCommand("s", $$""","options":[{{SubCommand("t", "")}}]""")}}]}]""",
                "0.options.0.options.0.type",
                "BASE_TYPE_CHOICES"
            },
            {
                $$"""[{"name":"a","description":"d","options":[{"type":1,"name":"s","description":"d"},{{Option("o", "")}}]}]""",
                "0.options",
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
            },
            { """[{"name":"a","description":"d","contexts":[7]}]""", "0.contexts.0", "BASE_TYPE_CHOICES" },
        };

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task Says_where_a_message_breaks_which_rule(string body, string path, string code)
    {
        await using var host = await EmulatorHost.StartAsync();
        var reply = await host.Bot.PostAsync(Messages, JsonNode.Parse(body));
        Assert.Equal((400, 50035), (reply.Status, reply.Code));
        Assert.Equal(code, reply.ErrorAt(path));
        Assert.Empty(await host.Human.MessagesAsync());
    }

    [Theory]
    [MemberData(nameof(BadCommands))]
    public async Task Says_where_a_command_breaks_which_rule(string body, string path, string code)
    {
        await using var host = await EmulatorHost.StartAsync();
        var reply = await host.Bot.PutAsync($"applications/{Known.Application}/commands", JsonNode.Parse(body));
        Assert.Equal((400, 50035), (reply.Status, reply.Code));
        Assert.Equal(code, reply.ErrorAt(path));
    }

    [Fact]
    public async Task Takes_a_message_right_at_its_limits()
    {
        await using var host = await EmulatorHost.StartAsync();
        var rows = string.Join(
            ',',
            Enumerable
                .Range(0, 5)
                .Select(row => Row(string.Join(',', Enumerable.Range(0, 5).Select(column => Button($"{row}{column}{Text(98)}")))))
        );
        var body =
            $$"""{"content":"{{Text(2000)}}","embeds":[{"title":"{{Text(256)}}","description":"{{Text(4096)}}"},"""
            + $$"""{"description":"{{Text(1648)}}"}],"components":[{{rows}}]}""";
        var reply = await host.Bot.PostAsync(Messages, JsonNode.Parse(body));
        Assert.Equal(200, reply.Status);
        Assert.Equal(1, (int)reply.Body!["components"]![0]!["id"]!);
        Assert.Equal(2, (int)reply.Body["components"]![0]!["components"]![0]!["id"]!);
        Assert.Equal((400, 50006), await EmptyAsync(host));
    }

    [Fact]
    public async Task Refuses_an_answer_to_an_interaction_without_using_it_up()
    {
        await using var host = await EmulatorHost.StartAsync();
        using var bot = await host.OnlineAsync();
        var interaction = await InteractionTests.AskAsync(host, bot);
        Assert.Equal(
            "BASE_TYPE_MAX_LENGTH",
            (await host.Bot.CallbackAsync(interaction, 4, new JsonObject { ["content"] = Text(2001) })).ErrorAt("data.content")
        );
        Assert.Equal("BASE_TYPE_CHOICES", (await host.Bot.CallbackAsync(interaction, 7, [])).ErrorAt("type"));
        var modal = new JsonObject
        {
            ["custom_id"] = "m",
            ["title"] = Text(46),
            ["components"] = new JsonArray(),
        };
        var refused = await host.Bot.CallbackAsync(interaction, 9, modal);
        Assert.Equal(("BASE_TYPE_BAD_LENGTH", "BASE_TYPE_BAD_LENGTH"), (refused.ErrorAt("data.title"), refused.ErrorAt("data.components")));
        Assert.Equal(204, (await host.Bot.CallbackAsync(interaction, 5)).Status);
    }

    [Fact]
    public async Task Keeps_the_identity_of_commands_over_a_second_put()
    {
        await using var host = await EmulatorHost.StartAsync();
        var path = $"applications/{Known.Application}/guilds/{Known.Guild}/commands";
        var first = (
            await host.Bot.PutAsync(path, JsonNode.Parse("""[{"name":"a","description":"d"},{"name":"b","description":"d"}]"""))
        ).Body!.AsArray();
        var second = (
            await host.Bot.PutAsync(path, JsonNode.Parse("""[{"name":"a","description":"d"},{"name":"b","description":"new"}]"""))
        ).Body!.AsArray();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Number(first, i, "id"), Number(second, i, "id"));
        }

        Assert.Equal(Number(first, 0, "version"), Number(second, 0, "version"));
        Assert.NotEqual(Number(first, 1, "version"), Number(second, 1, "version"));
        Assert.Empty((await host.Bot.PutAsync(path, new JsonArray())).Body!.AsArray());
        Assert.Empty((await host.Human.GetAsync("world"))["commands"]!.AsArray());
    }

    private static async Task<(int Status, int Code)> EmptyAsync(EmulatorHost host)
    {
        var reply = await host.Bot.PostAsync(Messages, new JsonObject { ["content"] = "  \n " });
        return (reply.Status, reply.Code);
    }

    private static ulong Number(JsonArray commands, int index, string key) => ulong.Parse((string)commands[index]![key]!);

    private static string Text(int length) => new('x', length);

    private static string Many(int count, string item) => string.Join(',', Enumerable.Repeat(item, count));

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(1, count).Select(number => $"\"{number}\""));

    private static string Row(string buttons) => $$"""{"type":1,"components":[{{buttons}}]}""";

    private static string Button(string id) => $$"""{"type":2,"style":1,"label":"x","custom_id":"{{id}}"}""";

    private static string SubCommand(string name, string more) => $$"""{"type":1,"name":"{{name}}","description":"d"{{more}}}""";

    private static string Choices(int count) => $$""","choices":[{{Many(count, """{"name":"c","value":"v"}""")}}]""";

    private static string Option(string name, string more) => $$"""{"type":3,"name":"{{name}}","description":"d"{{more}}}""";
}
