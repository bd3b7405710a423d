using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>Puts the commands into the guild when they differ from what was put there last.</summary>
internal sealed partial class CommandRegistration(DiscordApi api, DiscordOptions options, DiscordNotes notes,
    ILogger<CommandRegistration> log)
{
    private const string Key = "discord/commands";

    /// <exception cref="DiscordException">They could not be put there; the note stays as it was.</exception>
    public async Task EnsureAsync(string application, CancellationToken ct)
    {
        var hash = CommandDefinition.Hash(application, options.GuildId);
        if (string.Equals(await notes.Read(Key, ct), hash, StringComparison.Ordinal))
        {
            return;
        }

        await api.PutCommandsAsync(application, options.GuildId, CommandDefinition.Build(), ct);
        await notes.Write(Key, hash, ct);
        LogRegistered(options.GuildId);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Commands were registered in guild {Guild}")]
    private partial void LogRegistered(string guild);
}
