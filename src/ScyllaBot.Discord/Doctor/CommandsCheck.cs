using ScyllaBot.Core.Control;
using ScyllaBot.Discord.Commands;

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

        return CommandDefinition.Difference(commands) is { } difference
            ? [DoctorFinding.Warning(Id, difference, "start the bot: it registers this version's; one that runs does so when it next connects")]
            : [DoctorFinding.Ok(Id, $"/{CommandDefinition.Name} with {CommandDefinition.Build()[0]!["options"]!.AsArray().Count} subcommands")];
    }
}
