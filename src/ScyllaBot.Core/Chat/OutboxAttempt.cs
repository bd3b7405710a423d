using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>What one attempt to deliver a row came to.</summary>
internal abstract record Delivered
{
    private Delivered() { }

    public sealed record Sent(MessageRef Message) : Delivered;

    /// <summary>Later, before anything that follows it in its lane.</summary>
    public sealed record Later(Exception Why) : Delivered;

    /// <summary>It will not be accepted as it is: tried again slowly, and nothing waits for it.</summary>
    public sealed record Refused(Exception Why) : Delivered;
}

/// <summary>One attempt at one row (R14): never lost, never twice as far as the chat's nonce and search reach.</summary>
internal static class OutboxAttempt
{
    /// <summary>How long a chat surely remembers a nonce.</summary>
    public static readonly TimeSpan NonceLife = TimeSpan.FromMinutes(2);

    /// <summary>A chat that says nothing must not hold its lane for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<Delivered> MakeAsync(IJobStore store, IChat chat, Pager? pager, TimeProvider time, OutboxRow row, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var message = row.Kind == OutboxItems.Pager
                ? await PageAsync(store, pager, time, row, both.Token) : await SendAsync(store, chat, time, row, both.Token);

            // It is out: being stopped now must not lose the confirmation.
            await store.OutboxSentAsync(row, message.Value, CancellationToken.None);
            return new Delivered.Sent(message);
        }
        catch (Exception refused) when (refused is UnrecoverableException or FormatException)
        {
            return new Delivered.Refused(refused);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // Unlike a step's, an unclassified failure here can be repeated without harm: the nonce sees to it.
            return new Delivered.Later(failed);
        }
    }

    private static async Task<MessageRef> PageAsync(IJobStore store, Pager? pager, TimeProvider time, OutboxRow row, CancellationToken ct)
    {
        if (pager is null)
        {
            throw new UnrecoverableException("no pager is configured any more");
        }

        if (row.FirstTried is null)
        {
            await store.OutboxTriedAsync(row, time.GetUtcNow(), ct);
        }

        await pager.SendAsync(row.Payload, row.Nonce, mayBeRepeated: row.FirstTried is not null, ct);
        return new MessageRef($"{OutboxItems.Pager}/{row.Nonce}");
    }

    private static async Task<MessageRef> SendAsync(IJobStore store, IChat chat, TimeProvider time, OutboxRow row, CancellationToken ct)
    {
        var notice = NonceFooter.On(NoticeJson.Read(row.Payload), row.Nonce);
        var now = time.GetUtcNow();
        if (row.FirstTried is not { } first)
        {
            await store.OutboxTriedAsync(row, now, ct);
        }
        else if (!IsYoung(now - first) && await chat.FindAsync(row.Channel, row.Nonce, ct) is { } found)
        {
            return found;
        }

        return await chat.PostAsync(row.Channel, notice, row.Nonce, ct);
    }

    // A clock set back makes no age young.
    private static bool IsYoung(TimeSpan age) => age >= TimeSpan.Zero && age < NonceLife;
}
