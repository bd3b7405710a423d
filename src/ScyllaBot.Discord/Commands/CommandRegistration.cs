using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>Puts the commands into the guild when they differ from what was put there last, or when somebody took them away since.</summary>
internal sealed partial class CommandRegistration(DiscordApi api, DiscordOptions options, DiscordNotes notes,
    ILogger<CommandRegistration> log)
{
    private const string Key = "discord/commands";

    /// <summary>A note of what was put says what is there at the price of one read; putting what is there already is not free for people.</summary>
    /// <returns>Whether they were put there.</returns>
    /// <exception cref="DiscordException">They could not be put there; the note stays as it was.</exception>
    public async Task<bool> EnsureAsync(string application, CancellationToken ct)
    {
        var hash = CommandDefinition.Hash(application, options.GuildId);
        if (string.Equals(await notes.Read(Key, ct), hash, StringComparison.Ordinal))
        {
            string? difference;
            try
            {
                difference = CommandDefinition.Difference(await api.CommandsAsync(application, options.GuildId, ct));
            }
            catch (DiscordException unread)
            {
                // What was put is there, as far as the note says: no reason not to connect. They are looked at again after that.
                LogUnread(options.GuildId, unread);
                return false;
            }

            if (difference is null)
            {
                return false;
            }

            LogGone(options.GuildId, difference);
        }

        await api.PutCommandsAsync(application, options.GuildId, CommandDefinition.Build(), ct);
        await notes.Write(Key, hash, ct);
        LogRegistered(options.GuildId);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Commands were registered in guild {Guild}")]
    private partial void LogRegistered(string guild);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Commands of guild {Guild} can not be looked at now; the last ones that were put there are taken to be there")]
    private partial void LogUnread(string guild, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Commands of guild {Guild} are not as they were put there: {Difference}")]
    private partial void LogGone(string guild, string difference);
}
