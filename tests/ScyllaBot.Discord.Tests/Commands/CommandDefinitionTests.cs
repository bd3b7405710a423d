using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Rest;
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
        Assert.Equal("PUT GET", string.Join(' ', rest.Calls.Select(c => c.Call.Method)));
        await registration.EnsureAsync("2", default);
        Assert.Equal("https://discord.com/api/v10/applications/2/guilds/5/commands", rest.Calls[2].Call.Uri.ToString());
        Assert.IsType<JsonArray>(JsonNode.Parse(rest.Calls[2].Call.Body.Span));
    });

    [Fact]
    public void Is_put_again_when_somebody_took_it_away_or_put_another_one_in_its_place() => TestLoop.Run(async _ =>
    {
        var rest = new FakeRest(new ManualTime());
        var registration = new CommandRegistration(
            rest.Api(), new DiscordOptions { GuildId = "5" }, new MemoryNotes().Notes, NullLogger<CommandRegistration>.Instance);
        await registration.EnsureAsync("1", default);
        var mine = CommandDefinition.Build();
        mine[0]!["id"] = "77";
        var fewer = mine.DeepClone().AsArray();
        fewer[0]!["options"]!.AsArray().RemoveAt(3);
        (string There, bool IsPut)[] cases =
        [
            ("[]", true), ("""[{"name":"other","options":[]}]""", true), (fewer.ToJsonString(), true), (mine.ToJsonString(), false),

            // What can not be read is no reason to write.
            ("{}", false),
        ];
        foreach (var (there, isPut) in cases)
        {
            rest.Answer = _ => Task.FromResult(FakeRest.Of(200, there));
            rest.Calls.Clear();
            Assert.Equal(isPut, await registration.EnsureAsync("1", default));
            Assert.Equal(isPut ? "GET PUT" : "GET", string.Join(' ', rest.Calls.Select(c => c.Call.Method)));
        }
    });

    [Fact]
    public void Is_taken_to_be_there_when_it_can_not_be_looked_at_and_nothing_changed() => TestLoop.Run(async _ =>
    {
        var rest = new FakeRest(new ManualTime());
        var registration = new CommandRegistration(
            rest.Api(), new DiscordOptions { GuildId = "5" }, new MemoryNotes().Notes, NullLogger<CommandRegistration>.Instance);
        await registration.EnsureAsync("1", default);
        rest.Answer = _ => Task.FromResult(FakeRest.Of(403, "{}"));
        Assert.False(await registration.EnsureAsync("1", default));
        await Assert.ThrowsAsync<DiscordException>(() => registration.EnsureAsync("2", default));
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
