using System.Text;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>Log lines on their way to a card's thread: bounded, the oldest dropped first, and the dropped ones counted and told.</summary>
internal sealed class ThreadLog
{
    private const int MostLines = 300;
    private const int LineLength = 300;

    /// <summary>A post of ours with its fences stays below Discord's 2000.</summary>
    private const int PostLength = 1800;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = [];
    private int _dropped;
    private ImmutableArray<string> _batch = [];
    private int _batchLines;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _batch.IsEmpty && _lines.Count == 0 && _dropped == 0;
            }
        }
    }

    /// <summary>Thread-safe.</summary>
    public void Add(LogLine line)
    {
        var text = Clean(line.ToString());
        lock (_lock)
        {
            _lines.Enqueue(text);
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
                _dropped++;
            }
        }
    }

    /// <summary>The next post; the same one until it is told what became of it.</summary>
    public ImmutableArray<string> Batch()
    {
        lock (_lock)
        {
            if (_batch.IsEmpty)
            {
                Fill();
            }

            return _batch;
        }
    }

    public void Posted()
    {
        lock (_lock)
        {
            (_batch, _batchLines) = ([], 0);
        }
    }

    /// <summary>The chat will never take it: counted as dropped.</summary>
    public void Refused()
    {
        lock (_lock)
        {
            _dropped += _batchLines;
            (_batch, _batchLines) = ([], 0);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _lines.Clear();
            (_batch, _batchLines, _dropped) = ([], 0, 0);
        }
    }

    private void Fill()
    {
        var batch = ImmutableArray.CreateBuilder<string>();
        var length = 0;
        if (_dropped > 0)
        {
            batch.Add($"… {_dropped} lines dropped here; the job's log has them");
            length = batch[0].Length + 1;
        }

        _batchLines = _dropped;
        _dropped = 0;
        while (_lines.TryPeek(out var next) && length + next.Length + 1 <= PostLength)
        {
            batch.Add(_lines.Dequeue());
            length += next.Length + 1;
            _batchLines++;
        }

        _batch = batch.ToImmutable();
    }

    // Harmless inside and outside of a code block: no fence, no mention, one line.
    private static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in Markup.Cut(text.ReplaceLineEndings(" "), LineLength))
        {
            result.Append(c switch
            {
                '`' => "'",
                '@' => "@\u200b",
                '\t' => " ",
                _ => Markup.IsSeen(c) ? c.ToString() : "",
            });
        }

        return Markup.Cut(result.ToString(), LineLength);
    }
}
