using System.Text;

namespace ScyllaBot.Transports.Ssh;

/// <summary>
/// Takes a remote stream apart: what a login shell prints before, the frame's own content, and the word that ends it.
/// A frame line is <c>\nMARK KIND DETAIL\n</c>; the mark is random for each command, so no output can forge one.
/// </summary>
/// <param name="mark">Of this session.</param>
/// <param name="content">Takes what is in the frame.</param>
/// <param name="retract">Takes one byte back: a line end that was handed on at once, and turned out to be the frame's.</param>
/// <param name="before">Takes what comes before it.</param>
internal sealed class FrameReader(string mark, Action<ReadOnlySpan<byte>> content, Action retract, Action<ReadOnlySpan<byte>>? before = null)
{
    private const int LongestDetail = 4096;
    private readonly byte[] _start = Encoding.ASCII.GetBytes($"\n{mark} ");
    private readonly List<byte> _held = [];

    // The first byte held is a line end that was handed on already: nobody shall wait for a line that is whole.
    private bool _ahead;

    public bool HasBegun { get; private set; }

    /// <summary>Its last word; null = not there yet.</summary>
    public (string Kind, string Detail)? End { get; private set; }

    /// <summary>Until the frame or the stream ends.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while (End is null && (read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            _held.AddRange(buffer.AsSpan(0, read));
            TakeApart();
        }

        if (End is null)
        {
            Emit(_held.Count);
        }
    }

    private void TakeApart()
    {
        while (End is null)
        {
            var held = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held);
            var at = held.IndexOf(_start);
            if (at < 0)
            {
                HandOn(held);
                return;
            }

            var line = held[(at + _start.Length)..];
            var end = line.IndexOf((byte)'\n');
            if (end < 0 && line.Length < LongestDetail)
            {
                Emit(at);
                return;
            }

            var words = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Split(' ', 2);
            if (at == 0 && _ahead && HasBegun)
            {
                retract();
            }

            Emit(at);
            _ahead = false;
            _held.RemoveRange(0, Math.Min(_held.Count, _start.Length + (end < 0 ? line.Length : end + 1)));
            Hear(words[0], words.Length > 1 ? words[1] : "");
        }
    }

    private void HandOn(ReadOnlySpan<byte> held)
    {
        var overlap = Overlap(held);
        if (_ahead && overlap == held.Length)
        {
            return;
        }

        Emit(_held.Count - overlap);
        if (overlap == 1)
        {
            (HasBegun ? content : before)?.Invoke("\n"u8);
            _ahead = true;
        }
    }

    private void Hear(string kind, string detail)
    {
        switch (kind)
        {
            case "begin":
                HasBegun = true;
                break;
            case "alive":
                break;
            default:
                End = (kind, detail);
                break;
        }
    }

    /// <summary>How much of the end could be the beginning of a frame line.</summary>
    private int Overlap(ReadOnlySpan<byte> held)
    {
        for (var length = Math.Min(held.Length, _start.Length - 1); length > 0; length--)
        {
            if (held[^length..].SequenceEqual(_start.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }

    private void Emit(int count)
    {
        if (count == 0)
        {
            return;
        }

        var from = _ahead ? 1 : 0;
        _ahead = false;
        (HasBegun ? content : before)?.Invoke(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held)[from..count]);
        _held.RemoveRange(0, count);
    }
}
