using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>A job's log as far as it went at one moment. It stays readable whatever is written, renamed or deleted afterwards.</summary>
internal sealed class JobLogCut : IDisposable
{
    private const int Block = 64 * 1024;

    /// <summary>The older first.</summary>
    private readonly ImmutableArray<(SafeFileHandle Handle, long Length)> _files;

    private JobLogCut(ImmutableArray<(SafeFileHandle, long)> files) => _files = files;

    /// <summary>While nobody writes: two files are one moment's only then.</summary>
    public static JobLogCut Of(string path) => new(
    [
        .. new[] { path + JobLogFile.Older, path }.Where(File.Exists)
            .Select(file => File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete)).Select(handle => (handle, RandomAccess.GetLength(handle))),
    ]);

    /// <returns>The last of the lines after that one, in order: read from the end.</returns>
    public ImmutableArray<JobLogLine> Tail(long after, int tail)
    {
        var lines = new List<JobLogLine>();
        foreach (var line in Backward().Select(b => Parse(b.Text)).OfType<JobLogLine>())
        {
            if (line.Number <= after || lines.Count >= tail)
            {
                break;
            }

            lines.Add(line);
        }

        lines.Reverse();
        return [.. lines];
    }

    /// <returns>All lines after that one, in order: what is looked at before it is found is what follows it.</returns>
    public IEnumerable<JobLogLine> After(long after)
    {
        var (first, at) = Backward().Where(b => Parse(b.Text) is { } line && line.Number <= after).Select(b => (b.File, b.End)).FirstOrDefault();
        for (var file = first; file < _files.Length; file++)
        {
            foreach (var line in Forward(file, file == first ? at : 0).Select(Parse).OfType<JobLogLine>())
            {
                yield return line;
            }
        }
    }

    public void Dispose()
    {
        foreach (var (handle, _) in _files)
        {
            handle.Dispose();
        }
    }

    /// <summary>From the end on, and where each ends.</summary>
    private IEnumerable<(int File, long End, byte[] Text)> Backward()
    {
        for (var file = _files.Length - 1; file >= 0; file--)
        {
            var cut = Array.Empty<byte>();
            for (var at = _files[file].Length; at > 0;)
            {
                var size = (int)Math.Min(Block, at);
                at -= size;
                byte[] bytes = [.. Bytes(file, at, size), .. cut];
                var end = bytes.Length;
                while (bytes.AsSpan(0, end).LastIndexOf((byte)'\n') is var line and >= 0)
                {
                    if (end > line + 1)
                    {
                        yield return (file, at + end, bytes[(line + 1)..end]);
                    }

                    end = line;
                }

                cut = bytes[..end];
            }

            if (cut.Length > 0)
            {
                yield return (file, cut.Length, cut);
            }
        }
    }

    private IEnumerable<byte[]> Forward(int file, long from)
    {
        var cut = Array.Empty<byte>();
        for (var at = from; at < _files[file].Length;)
        {
            var size = (int)Math.Min(Block, _files[file].Length - at);
            byte[] bytes = [.. cut, .. Bytes(file, at, size)];
            at += size;
            var start = 0;
            while (bytes.AsSpan(start).IndexOf((byte)'\n') is var length and >= 0)
            {
                if (length > 0)
                {
                    yield return bytes[start..(start + length)];
                }

                start += length + 1;
            }

            cut = bytes[start..];
        }

        if (cut.Length > 0)
        {
            yield return cut;
        }
    }

    private byte[] Bytes(int file, long at, int size)
    {
        var bytes = new byte[size];
        for (var read = 0; read < size;)
        {
            // Somebody truncated it: there is no more.
            if (RandomAccess.Read(_files[file].Handle, bytes.AsSpan(read), at + read) is var more and > 0)
            {
                read += more;
                continue;
            }

            return bytes[..read];
        }

        return bytes;
    }

    /// <returns>Null: a crash cut it off.</returns>
    private static JobLogLine? Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<JobLogLine>(text, ControlJson.Answers);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
