using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace ScyllaBot.Sandbox;

/// <summary>`--exit-with PID`: stops the sandbox within two seconds of that process's end: no test leaves one behind.</summary>
internal sealed class ParentWatch(int pid, IHostApplicationLifetime life, TimeProvider real) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_look, real);
        while (Alive())
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        life.StopApplication();
    }

    private bool Alive()
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
