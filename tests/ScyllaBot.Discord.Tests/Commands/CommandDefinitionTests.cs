using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Commands;

public sealed partial class CommandDefinitionTests
{
    [Fact]
    public void Keeps_to_Discords_rules_for_commands()
    {
        var command = CommandDefinition.Build().Single()!.AsObject();
        var subs = command["options"]!.AsArray().Select(o => o!.AsObject()).ToList();

        Assert.InRange(subs.Count, 1, 25);
        Assert.False(command.ContainsKey("default_member_permissions"));
        Assert.InRange(Counted(command), 1, 8000);
        foreach (var option in subs.Concat(subs.SelectMany(s => s["options"]!.AsArray().Select(o => o!.AsObject()))))
        {
            Assert.Matches(NamePattern(), option["name"]!.ToString());
            Assert.InRange(option["description"]!.ToString().Length, 1, 100);
        }

        Assert.All(subs, s =>
        {
            var required = s["options"]!.AsArray().Select(o => o!["required"]?.GetValue<bool>() == true).ToList();
            Assert.Equal(required.OrderDescending(), required);
        });
    }

    [Fact]
    public void Is_put_again_only_when_something_changed() => TestLoop.Run(async _ =>
    {
        var rest = new FakeRest(new ManualTime());
        var notes = new MemoryNotes();
        var registration = new CommandRegistration(
            rest.Api(), new DiscordOptions { GuildId = "5" }, notes.Notes, NullLogger<CommandRegistration>.Instance);
        await registration.EnsureAsync("1", default);
        await registration.EnsureAsync("1", default);
        Assert.Single(rest.Calls);
        await registration.EnsureAsync("2", default);
        Assert.Equal("https://discord.com/api/v10/applications/2/guilds/5/commands", rest.Calls[1].Call.Uri.ToString());
        Assert.IsType<JsonArray>(JsonNode.Parse(rest.Calls[1].Call.Body.Span));
    });

    /// <summary>What Discord counts: names, descriptions and values of a command, its options and their choices.</summary>
    private static int Counted(JsonNode? node) => node switch
    {
        JsonArray array => array.Sum(Counted),
        JsonObject o => o.Sum(p => p.Key is "name" or "description" or "value" ? p.Value!.ToString().Length : Counted(p.Value)),
        _ => 0,
    };

    [GeneratedRegex("^[-_a-z0-9]{1,32}$")]
    private static partial Regex NamePattern();
}
