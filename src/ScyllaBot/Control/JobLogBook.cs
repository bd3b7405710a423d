using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Control;

/// <summary>
/// Each job's log in a file beside the database, a line of JSON each, so that it can be read from any point on, also after a restart. Bounded:
/// of a long log the oldest lines go, and with many jobs the oldest logs.
/// </summary>
internal sealed class JobLogBook : ILogSink
{
    private const int KeptLogs = 500;
    private const int OpenLogs = 64;
    private const int LongestName = 40;

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly long _mostBytes;

    /// <summary>The ones written or read last; whoever falls out is read from its file again.</summary>
    private readonly Dictionary<string, JobLogFile> _open = new(StringComparer.Ordinal);

    /// <param name="folder">Made when the first line comes.</param>
    /// <param name="mostBytes">Of one file; a log has two.</param>
    public JobLogBook(string folder, long mostBytes = 4 * 1024 * 1024)
    {
        (_folder, _mostBytes) = (folder, mostBytes);
        if (Directory.Exists(folder))
        {
            // Names of jobs sort by their birth.
            foreach (var old in Directory.EnumerateFiles(folder, $"*{JobLogFile.Ending}").Order(StringComparer.Ordinal).SkipLast(KeptLogs).ToArray())
            {
                JobLogFile.Delete(old);
            }
        }
    }

    public void Write(LogLine line)
    {
        if (!IsName(line.Job))
        {
            return;
        }

        lock (_gate)
        {
            Open(line.Job).Append(number => new JobLogLine(number, line.At, line.Path, line.Node, line.Text, line.ToString()));
        }
    }

    /// <returns>The last <paramref name="tail"/> of the lines after <paramref name="after"/>, in order.</returns>
    public ImmutableArray<JobLogLine> Read(string job, long after, int tail)
    {
        if (!IsName(job))
        {
            return [];
        }

        lock (_gate)
        {
            return [.. Open(job).After(after).TakeLast(tail)];
        }
    }

    /// <summary>Its job is forgotten.</summary>
    public void Forget(string job)
    {
        if (!IsName(job))
        {
            return;
        }

        lock (_gate)
        {
            _open.Remove(job);
            JobLogFile.Delete(Path.Combine(_folder, job + JobLogFile.Ending));
        }
    }

    private JobLogFile Open(string job)
    {
        if (!_open.TryGetValue(job, out var log))
        {
            if (_open.Count >= OpenLogs)
            {
                _open.Remove(_open.MinBy(o => o.Value.Used).Key);
            }

            _open[job] = log = new JobLogFile(Path.Combine(_folder, job + JobLogFile.Ending), _mostBytes);
        }

        log.Used = _open.Values.Max(o => o.Used) + 1;
        return log;
    }

    // It becomes part of a path.
    private static bool IsName(string job) => job.Length is > 0 and <= LongestName && job.All(char.IsAsciiLetterOrDigit);
}

/// <summary>One job's log. Not thread-safe.</summary>
internal sealed class JobLogFile
{
    public const string Ending = ".log";
    private const string Older = ".older";
    private const int Remembered = 500;

    private readonly string _path;
    private readonly long _mostBytes;
    private readonly Queue<JobLogLine> _latest = [];
    private long _last;
    private long _bytes;

    public JobLogFile(string path, long mostBytes)
    {
        (_path, _mostBytes) = (path, mostBytes);
        foreach (var line in Lines(path + Older).Concat(Lines(path)))
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
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
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

    public IEnumerable<JobLogLine> After(long number) =>
        (_latest.TryPeek(out var oldest) && number + 1 < oldest.Number ? Lines(_path + Older).Concat(Lines(_path)) : _latest).Where(l => l.Number > number);

    private static FileStreamOptions FileOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
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

    private static IEnumerable<JobLogLine> Lines(string path) => File.Exists(path)
        ? File.ReadLines(path, Encoding.UTF8).Where(text => text.Length > 0).Select(Parse).OfType<JobLogLine>() : [];

    private static JobLogLine? Parse(string text)
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
