using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Observe;

namespace ScyllaBot.Upkeep;

/// <summary>
/// Copies the job database on a schedule that restarts do not reset: the newest file says when the next one is due. A failure is logged, shown and tried
/// again; it never stops a job.
/// </summary>
/// <param name="copy">Writes a whole and checked copy to a path that does not exist yet.</param>
/// <param name="folder">Where to.</param>
/// <param name="settings">How often, how many.</param>
/// <param name="meters">Counts.</param>
/// <param name="time">Real time.</param>
/// <param name="logger">What failed.</param>
internal sealed partial class BackupLoop(
    Func<string, CancellationToken, Task> copy, BackupFolder folder, BackupSettings settings, BotMeters meters, TimeProvider time, ILogger<BackupLoop> logger)
    : BackgroundService
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(15);
    private volatile BackupFile? _last = folder.NewestBy(time.GetUtcNow());
    private volatile string? _failure;

    /// <summary>The newest good one; null: none.</summary>
    public BackupFile? Last => _last;

    /// <summary>What went wrong last; null: nothing.</summary>
    public string? Failure => _failure;

    public TimeSpan Every => TimeSpan.FromHours(settings.EveryHours);

    /// <summary>One, now.</summary>
    public async Task BackUpAsync(CancellationToken ct)
    {
        try
        {
            var now = time.GetUtcNow();
            var path = folder.NameOf(now);
            await copy(path, ct);
            _last = new BackupFile(path, now, new FileInfo(path).Length);
            folder.Prune(settings.Keep, now);
            _failure = null;
            meters.BackedUp(isGood: true);
            LogMade(path, _last.Bytes);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            _failure = failed.Message;
            meters.BackedUp(isGood: false);
            LogFailed(failed, folder.Path);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var due = (_last is { } last ? last.At + Every : DateTimeOffset.MinValue) - time.GetUtcNow();
            // A last one of the future is of a clock that was wrong.
            if (due > TimeSpan.Zero && due <= Every)
            {
                await Task.Delay(due, time, stoppingToken);
            }

            await BackUpAsync(stoppingToken);
            if (_failure is not null)
            {
                await Task.Delay(AgainAfter, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The job database was backed up to {Path}, {Bytes} bytes")]
    private partial void LogMade(string path, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job database could not be backed up into {Folder}; jobs go on, and it is tried again")]
    private partial void LogFailed(Exception why, string folder);
}

/// <summary>Backups are made.</summary>
/// <param name="loop">Null: they are off.</param>
/// <param name="time">Real time.</param>
internal sealed class BackupVital(BackupLoop? loop, TimeProvider time) : IVital, IGauges
{
    public bool IsLife => false;

    public Task<Vital> LookAsync(CancellationToken ct) => Task.FromResult(
        loop is null ? new Vital("backup", PartState.Ok, "off")
        : loop.Failure is not null ? new Vital("backup", PartState.Warning, $"the last one failed; {Newest(loop)}")
        : loop.Last is { } last && time.GetUtcNow() - last.At > 2 * loop.Every ? new Vital("backup", PartState.Warning, Newest(loop))
        : new Vital("backup", PartState.Ok, Newest(loop)));

    public Task WriteAsync(Exposition page, CancellationToken ct)
    {
        if (loop?.Last is { } last)
        {
            page.Add(Families.BackupAge, Math.Max(0, (time.GetUtcNow() - last.At).TotalSeconds));
            page.Add(Families.BackupBytes, last.Bytes);
        }

        return Task.CompletedTask;
    }

    private static string Newest(BackupLoop loop) => loop.Last is { } last ? FormattableString.Invariant($"the newest is of {last.At:yyyy-MM-dd HH:mm}Z") : "there is none yet";
}
