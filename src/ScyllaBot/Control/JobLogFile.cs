using System.Text.Json;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>One job's log as it is written, and its last lines. Not thread-safe.</summary>
internal sealed class JobLogFile
{
    public const string Ending = ".log";
    public const string Older = ".older";
    private const int Remembered = 500;

    private readonly string _path;
    private readonly long _mostBytes;
    private readonly Queue<JobLogLine> _latest = [];
    private long _last;
    private long _bytes;

    public JobLogFile(string path, long mostBytes)
    {
        (_path, _mostBytes) = (path, mostBytes);
        using var cut = JobLogCut.Of(path);
        foreach (var line in cut.Tail(0, Remembered))
        {
            Remember(line);
        }

        _bytes = File.Exists(path) ? new FileInfo(path).Length : 0;
    }

    /// <summary>Order of use.</summary>
    public long Used { get; set; }

    public static void Delete(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
            File.Delete(path + Older);
        }
    }

    public void Append(Func<long, JobLogLine> make)
    {
        var line = make(_last + 1);
        var text = JsonSerializer.SerializeToUtf8Bytes(line, ControlJson.Answers);
        BotFolder.Make(Path.GetDirectoryName(_path)!);
        if (_bytes > _mostBytes)
        {
            File.Move(_path, _path + Older, overwrite: true);
            _bytes = 0;
        }

        using (var file = new FileStream(_path, FileOptions()))
        {
            // A line before and after: whatever a crash cut off stands alone.
            file.Write([(byte)'\n', .. text, (byte)'\n']);
            _bytes = file.Length;
        }

        Remember(line);
    }

    /// <returns>The last of the lines after that one; null: more of them are wanted than are remembered.</returns>
    public JobLogLine[]? Recent(long after, int tail) =>
        _latest.Count < tail && _latest.TryPeek(out var oldest) && oldest.Number > after + 1 ? null : [.. _latest.Where(l => l.Number > after).TakeLast(tail)];

    private static FileStreamOptions FileOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private void Remember(JobLogLine line)
    {
        _last = Math.Max(_last, line.Number);
        _latest.Enqueue(line);
        if (_latest.Count > Remembered)
        {
            _latest.Dequeue();
        }
    }
}
