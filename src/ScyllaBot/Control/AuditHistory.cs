using System.Collections.Immutable;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>The latest of the record (R21). The bot's journal is read once, then only what is new.</summary>
internal sealed class AuditHistory(IJobStore store) : IDisposable
{
    private const int Kept = 5000;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<AuditLine> _lines = [];
    private long _read;

    /// <returns>The oldest first: the last <paramref name="limit"/> of those after <paramref name="after"/>.</returns>
    public async Task<ImmutableArray<AuditLine>> ReadAsync(int limit, long after, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            foreach (var entry in await store.ReadAsync(StreamId.Bot, _read, ct))
            {
                _read = entry.Sequence;
                if (entry.Event is Audited x)
                {
                    _lines.Enqueue(new AuditLine(entry.Sequence, x.At, x.By, x.Channel, x.Said, x.Decision));
                }

                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }
            }

            return [.. _lines.Where(l => l.Sequence > after).TakeLast(limit)];
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
