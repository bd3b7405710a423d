using ScyllaBot.Core.Control;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Doctor;

/// <summary>The guild has /scp as this version defines it. The bot itself puts it there when it starts.</summary>
internal sealed class CommandsCheck : IGuildCheck
{
    public string Id => "discord-commands";

    public IEnumerable<DoctorFinding> Look(GuildFacts facts, DiscordOptions options)
    {
        if (facts.Commands is not { ValueKind: JsonValueKind.Array } commands)
        {
            return [DoctorFinding.Broken(
                Id, "Discord does not let the bot have commands in this guild", $"invite it again with the scope applications.commands: {GuildDoctor.Invitation(facts.Application)}")];
        }

        var own = commands.EnumerateArray().FirstOrDefault(c => c.Text("name") == CommandDefinition.Name);
        if (own.ValueKind == JsonValueKind.Undefined)
        {
            return [DoctorFinding.Warning(
                Id, $"/{CommandDefinition.Name} is not registered in the guild", "start the bot: it registers it")];
        }

        var wanted = Names(JsonDocument.Parse(CommandDefinition.Build().ToJsonString()).RootElement[0]);
        var there = Names(own);
        var differs = wanted.Except(there, StringComparer.Ordinal).Concat(there.Except(wanted, StringComparer.Ordinal)).ToList();
        return differs.Count == 0
            ? [DoctorFinding.Ok(Id, $"/{CommandDefinition.Name} with {wanted.Count} subcommands")]
            : [DoctorFinding.Warning(Id, $"/{CommandDefinition.Name} in the guild is another version's: {string.Join(", ", differs)}", "start this version of the bot: it registers its own")];
    }

    private static List<string> Names(JsonElement command) => [.. command.Items("options").Select(o => o.Text("name"))];
}
