using System.Globalization;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>Where a job's card stands in chat: where the outbox put it, or where it was posted again after somebody deleted it.</summary>
internal sealed class CardPlace(JobId job, CardPorts ports)
{
    private OutboxRow? _row;
    private MessageRef? _message;
    private int _reposts;

    private string NoteKey => $"card/{job}";

    /// <summary>Nonce of the card as it stands now.</summary>
    private string Nonce => _reposts == 0 ? _row!.Nonce : string.Create(CultureInfo.InvariantCulture, $"{_row!.Nonce}r{_reposts:x}");

    /// <returns>Null until the outbox has delivered it.</returns>
    public async Task<MessageRef?> FindAsync(CancellationToken ct)
    {
        if (_message is not null)
        {
            return _message;
        }

        _row = (await ports.Store.OutboxAsync(job, ct)).FirstOrDefault(r => r.Kind == OutboxItems.Card);
        if (_row?.Message is not { } first)
        {
            return null;
        }

        var note = (await ports.Store.ReadNoteAsync(NoteKey, ct))?.Split(' ', 2);
        if (note is [var count, var place] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var reposts))
        {
            (_reposts, _message) = (reposts, new MessageRef(place));
        }

        return _message ??= new MessageRef(first);
    }

    /// <summary>Edits the card; posts it anew when it is gone.</summary>
    public async Task WriteAsync(Notice notice, CancellationToken ct)
    {
        try
        {
            await ports.Chat.UpdateAsync(_message!.Value, NonceFooter.On(notice, Nonce), ct);
        }
        catch (MessageGoneException)
        {
            await RepostAsync(notice, ct);
        }
    }

    private async Task RepostAsync(Notice notice, CancellationToken ct)
    {
        var before = _reposts;
        try
        {
            _reposts++;
            var again = await ports.Chat.FindAsync(_row!.Channel, Nonce, ct)
                ?? await ports.Chat.PostAsync(_row.Channel, NonceFooter.On(notice, Nonce), Nonce, ct);
            await ports.Store.WriteNoteAsync(NoteKey, $"{_reposts} {again.Value}", ct);
            _message = again;
            CardLog.CardReposted(ports.Log, job, again);
        }
        catch
        {
            // The next try uses the same nonce, so it finds what this one may have posted.
            _reposts = before;
            throw;
        }
    }
}
