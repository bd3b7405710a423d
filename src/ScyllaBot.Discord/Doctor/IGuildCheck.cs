using ScyllaBot.Core.Control;

namespace ScyllaBot.Discord.Doctor;

/// <summary>Looks at one thing in what the guild is like.</summary>
internal interface IGuildCheck
{
    string Id { get; }

    IEnumerable<DoctorFinding> Look(GuildFacts facts, DiscordOptions options);
}
