using System.Collections.Immutable;
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

    /// <summary>The ones written last; of whoever falls out the end is read from its file again.</summary>
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

    /// <summary>Files are read outside of the lock: a long log holds no writer up.</summary>
    /// <returns>The last <paramref name="tail"/> of the lines after <paramref name="after"/>, in order.</returns>
    public ImmutableArray<JobLogLine> Read(string job, long after, int tail)
    {
        if (!IsName(job))
        {
            return [];
        }

        var (recent, cut) = Look(job, log => log.Recent(after, tail));
        using (cut)
        {
            return recent is null ? cut!.Tail(after, tail) : [.. recent];
        }
    }

    /// <summary>Every line after that one as far as the log goes now, in order; read as they are taken. A gap in the numbers is where lines are gone.</summary>
    public IEnumerable<JobLogLine> After(string job, long after)
    {
        if (!IsName(job))
        {
            yield break;
        }

        var (recent, cut) = Look(job, log => log.Recent(after, int.MaxValue));
        using (cut)
        {
            foreach (var line in recent ?? cut!.After(after))
            {
                yield return line;
            }
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
            JobLogFile.Delete(PathOf(job));
        }
    }

    /// <returns>What is remembered of it, or else its files as they are now, which the caller disposes.</returns>
    private (IEnumerable<JobLogLine>? Recent, JobLogCut? Cut) Look(string job, Func<JobLogFile, IEnumerable<JobLogLine>?> ask)
    {
        lock (_gate)
        {
            return _open.TryGetValue(job, out var log) && ask(log) is { } recent ? (recent, null) : (null, JobLogCut.Of(PathOf(job)));
        }
    }

    private string PathOf(string job) => Path.Combine(_folder, job + JobLogFile.Ending);

    private JobLogFile Open(string job)
    {
        if (!_open.TryGetValue(job, out var log))
        {
            if (_open.Count >= OpenLogs)
            {
                _open.Remove(_open.MinBy(o => o.Value.Used).Key);
            }

            _open[job] = log = new JobLogFile(PathOf(job), _mostBytes);
        }

        log.Used = _open.Values.Max(o => o.Used) + 1;
        return log;
    }

    // It becomes part of a path.
    private static bool IsName(string job) => job.Length is > 0 and <= LongestName && job.All(char.IsAsciiLetterOrDigit);
}
