using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Observe;

namespace ScyllaBot.Upkeep;

/// <summary>
/// Once a day removes jobs that ended long ago, a few in a transaction, so that no append waits long. What stays all the same, and why: see
/// <see cref="Retention"/>. A failure is logged and shown; the next day tries again.
/// </summary>
/// <param name="store">To forget in.</param>
/// <param name="settings">How long.</param>
/// <param name="forgotten">Told of each job.</param>
/// <param name="meters">Counts.</param>
/// <param name="engineTime">What journals are dated by.</param>
/// <param name="time">Real time.</param>
/// <param name="logger">What was removed.</param>
internal sealed partial class RetentionLoop(
    IStoreUpkeep store, RetentionSettings settings, Action<JobId> forgotten, BotMeters meters, TimeProvider engineTime, TimeProvider time, ILogger<RetentionLoop> logger)
    : BackgroundService, IVital
{
    public const int Round = 10;
    private static readonly TimeSpan First = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Every = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private volatile string? _failure;

    public bool IsLife => false;

    public Task<Vital> LookAsync(CancellationToken ct) => Task.FromResult(_failure is not null
        ? new Vital("retention", PartState.Warning, "old jobs could not be removed; the log says why")
        : new Vital("retention", PartState.Ok, settings.Days == 0 ? "off" : $"{settings.Days} days after their end"));

    /// <summary>All that is old enough now.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        try
        {
            var now = engineTime.GetUtcNow();
            var cut = new RetentionCut(Before(now, settings.Days), Before(now, settings.AuditDays));
            var (jobs, audited) = (0, 0);
            while (true)
            {
                var round = await store.ForgetAsync(cut, Round, ct);
                (jobs, audited) = (jobs + round.Jobs.Length, audited + round.Audited);
                meters.Forgot(round.Jobs.Length);
                foreach (var job in round.Jobs)
                {
                    forgotten(job);
                }

                if (round.IsDone)
                {
                    break;
                }

                await Task.Delay(Pause, time, ct);
            }

            _failure = null;
            LogForgot(jobs, settings.Days, audited, settings.AuditDays);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            _failure = failed.Message;
            LogFailed(failed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Days == 0)
        {
            return;
        }

        for (var wait = First; ; wait = Every)
        {
            await Task.Delay(wait, time, stoppingToken);
            await ForgetAsync(stoppingToken);
        }
    }

    private static DateTimeOffset Before(DateTimeOffset now, int days) => days == 0 ? DateTimeOffset.MinValue : now - TimeSpan.FromDays(days);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Jobs} jobs that ended more than {Days} days ago were removed, and {Audited} entries of the audit older than {AuditDays} days (0: kept for ever)")]
    private partial void LogForgot(int jobs, int days, int audited, int auditDays);

    [LoggerMessage(Level = LogLevel.Error, Message = "Jobs that ended long ago could not be removed; it is tried again tomorrow")]
    private partial void LogFailed(Exception why);
}
