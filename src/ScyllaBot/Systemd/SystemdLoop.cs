using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Observe;

namespace ScyllaBot.Systemd;

/// <summary>
/// Tells systemd: ready once everything has started, stopping when it begins to stop, and alive as long as engine and store answer (R10). A bot that does
/// not journal any more gives no sign, and systemd starts another.
/// </summary>
internal sealed partial class SystemdLoop(NotifySocket socket, Vitals vitals, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SystemdLoop> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await using var whenStopping = lifetime.ApplicationStopping.Register(() => Send("STOPPING=1"));
        await started.Task.WaitAsync(stoppingToken);
        Send("READY=1");
        if (socket.Watchdog is not { } watchdog)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
            return;
        }

        // Twice within the period: one may be late.
        using var timer = new PeriodicTimer(watchdog / 2, time);
        do
        {
            var parts = await vitals.LookAsync(lifeOnly: true);
            if (Vitals.AreWell(parts))
            {
                Send("WATCHDOG=1");
            }
            else
            {
                LogSilent(string.Join("; ", parts.Where(p => p.State == PartState.Failed).Select(p => $"{p.Name}: {p.Says}")), watchdog.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Send(string state)
    {
        try
        {
            socket.Send(state);
        }
        catch (SocketException failed)
        {
            LogUnheard(failed, state);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "No sign of life is given to systemd: {Why}. It ends this process {Seconds} s after the last one.")]
    private partial void LogSilent(string why, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "systemd could not be told {State}")]
    private partial void LogUnheard(Exception why, string state);
}
