using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord;

/// <summary>Small durable texts of the bot: the gateway session, the hash of the registered commands.</summary>
/// <param name="Read">Null when there is no such note.</param>
/// <param name="Write">Null takes it away.</param>
internal sealed record DiscordNotes(
    Func<string, CancellationToken, Task<string?>> Read, Func<string, string?, CancellationToken, Task> Write)
{
    public static DiscordNotes Of(IJobStore store) => new(store.ReadNoteAsync, store.WriteNoteAsync);
}
