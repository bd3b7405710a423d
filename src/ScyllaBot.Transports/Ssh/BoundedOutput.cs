using System.Text;

namespace ScyllaBot.Transports.Ssh;

/// <summary>The end of a stream, and each of its lines as it comes. Used by one reader at a time.</summary>
/// <param name="max">Bytes kept.</param>
/// <param name="line">Called with each line that is not empty, cut at 4,000 characters.</param>
#pragma warning disable CA1001 // A MemoryStream over an array has nothing to dispose of.
internal sealed class BoundedOutput(int max, Action<string>? line)
{
    private const int LongestLine = 16_000;
    private readonly MemoryStream _kept = new();
    private readonly MemoryStream _line = new();

    /// <summary>More came than is kept.</summary>
    public bool IsCut { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Hear(bytes);
        _kept.Write(bytes);
        if (_kept.Length > 2L * max)
        {
            Trim();
        }
    }

    /// <summary>The last byte was none of it.</summary>
    public void Retract() => _kept.SetLength(_kept.Length - 1);

    /// <summary>A last line without an end is a line as well.</summary>
    public void Complete()
    {
        if (_line.Length > 0)
        {
            Say();
        }

        if (_kept.Length > max)
        {
            Trim();
        }
    }

    public ReadOnlyMemory<byte> Bytes => _kept.GetBuffer().AsMemory(0, (int)_kept.Length);

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        if (line is null)
        {
            return;
        }

        while (bytes.IndexOf((byte)'\n') is >= 0 and var at)
        {
            Keep(bytes[..at]);
            Say();
            bytes = bytes[(at + 1)..];
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> part) => _line.Write(part[..(int)Math.Min(part.Length, Math.Max(0, LongestLine - _line.Length))]);

    private void Say()
    {
        var text = Encoding.UTF8.GetString(_line.GetBuffer().AsSpan(0, (int)_line.Length)).TrimEnd('\r');
        _line.SetLength(0);
        if (text.Length > 0)
        {
            line?.Invoke(Core.Shortened.To(text, 4000));
        }
    }

    private void Trim()
    {
        IsCut = true;
        var end = Bytes[^max..].ToArray();
        _kept.SetLength(0);
        _kept.Write(end);
    }
}
#pragma warning restore CA1001
