using System.Collections.Concurrent;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord;

/// <summary>The chat port on Discord.</summary>
internal sealed class DiscordChat(DiscordApi api, NoticeCard card, DiscordOptions options) : IChat
{
    private const int SearchedPages = 3;

    /// <summary>Left of 2000 characters for lines, after the code fence.</summary>
    private const int LogBatch = 1900;

    private readonly ConcurrentDictionary<string, bool> _threads = new(StringComparer.Ordinal);
    private string? _self;

    public async Task<MessageRef> PostAsync(string channel, Notice notice, string nonce, CancellationToken ct)
    {
        var id = ChannelId(channel);
        var message = await MeaningAsync(() => api.CreateMessageAsync(id, card.Post(notice, nonce), ct));
        return new MessageRef($"{id}/{message}");
    }

    public async Task<MessageRef?> FindAsync(string channel, string nonce, CancellationToken ct)
    {
        var id = ChannelId(channel);
        var self = _self ??= await MeaningAsync(() => api.BotUserIdAsync(ct));
        var before = "";
        for (var page = 0; page < SearchedPages; page++)
        {
            var messages = await MeaningAsync(() => api.MessagesAsync(id, before, ct));
            if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            {
                return null;
            }

            foreach (var message in messages.EnumerateArray())
            {
                before = message.Text("id");
                if (IsBy(message, self) && HasNonce(message, nonce))
                {
                    return new MessageRef($"{id}/{before}");
                }
            }
        }

        return null;
    }

    public async Task UpdateAsync(MessageRef message, Notice notice, CancellationToken ct)
    {
        var (channel, id) = Split(message);
        await MeaningAsync(async () =>
        {
            await api.EditMessageAsync(channel, id, card.Edit(notice), ct);
            return true;
        });
    }

    public async Task LogAsync(MessageRef message, string threadName, IReadOnlyList<string> lines, CancellationToken ct)
    {
        var (channel, id) = Split(message);
        foreach (var batch in LogBatches.Of(lines, LogBatch))
        {
            await MeaningAsync(() => LogBatchAsync(channel, id, threadName, batch, ct));
        }
    }

    private async Task<bool> LogBatchAsync(string channel, string thread, string threadName, string text, CancellationToken ct)
    {
        var message = new OutgoingMessage(AllowedMentions.None) { Content = text };
        await HaveThreadAsync(channel, thread, threadName, ct);
        try
        {
            await api.CreateMessageAsync(thread, message, ct);
        }
        catch (DiscordException e) when (e.Failure == DiscordFailure.ThreadArchived)
        {
            await api.UnarchiveAsync(thread, ct);
            await api.CreateMessageAsync(thread, message, ct);
        }
        catch (DiscordException e) when (e.Failure == DiscordFailure.ChannelGone)
        {
            // Somebody deleted the thread; a message can have a new one then.
            _threads.TryRemove(thread, out _);
            await HaveThreadAsync(channel, thread, threadName, ct);
            await api.CreateMessageAsync(thread, message, ct);
        }

        return true;
    }

    private async Task HaveThreadAsync(string channel, string message, string name, CancellationToken ct)
    {
        if (_threads.ContainsKey(message))
        {
            return;
        }

        try
        {
            await api.StartThreadAsync(channel, message, Markup.Cut(name.Length == 0 ? "log" : name, CardLimits.ThreadName), ct);
        }
        catch (DiscordException e) when (e.Failure == DiscordFailure.ThreadExists)
        {
            // Its id is the message's.
        }

        _threads[message] = true;
    }

    private string ChannelId(string name) =>
        options.Channels.TryGetValue(name, out var id)
            ? id
            : throw new UnrecoverableException($"No channel is configured under the name '{Markup.Cut(name, 60)}'");

    private static (string Channel, string Message) Split(MessageRef message)
    {
        var parts = message.Value.Split('/');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw new UnrecoverableException($"'{message}' is no Discord message");
    }

    // Another bot can put anything into a footer: to take its message for ours would leave ours unsaid.
    private static bool IsBy(JsonElement message, string user) => message.Part("author") is { } author && author.Text("id") == user;

    private static bool HasNonce(JsonElement message, string nonce) => message.Items("embeds").Any(e =>
        e.Part("footer") is { } footer && footer.Text("text").Split([' ', '·']).Contains(nonce, StringComparer.Ordinal));

    /// <summary>The border: what Discord said becomes what a retry decision needs.</summary>
    private static async Task<T> MeaningAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (DiscordException e) when (e.Failure == DiscordFailure.MessageGone)
        {
            throw new MessageGoneException(e.Message);
        }
        catch (DiscordException e) when (e.Failure is DiscordFailure.Unavailable or DiscordFailure.RateLimited or DiscordFailure.SlowDown)
        {
            throw new RecoverableException(e.Message, e);
        }
        catch (DiscordException e) when (e.Failure is DiscordFailure.Unauthorized)
        {
            // Somebody will put a good token in; what is in the outbox must still be said then.
            throw new RecoverableException(e.Message, e);
        }
        catch (DiscordException e)
        {
            throw new UnrecoverableException(e.Message, e);
        }
    }
}
