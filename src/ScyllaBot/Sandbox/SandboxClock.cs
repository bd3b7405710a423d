using System.Text.Json;
using Microsoft.Extensions.Hosting;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox;

/// <summary>Keeps the engine's time in step with the sandbox's: the same anchor in every process and after every restart.</summary>
internal sealed class SandboxClock(HttpClient http, Uri address, ScaledTime time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    public static async Task<ScaledTime> ReadAsync(HttpClient http, Uri address, CancellationToken ct)
    {
        var anchor = await AnchorAsync(http, address, ct);
        return new ScaledTime(anchor.Real, anchor.Virtual, anchor.Factor, TimeProvider.System);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var anchor = await AnchorAsync(http, address, stoppingToken);
                if (anchor != time.Anchor)
                {
                    time.Follow(anchor);
                }
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The sandbox is gone or restarting, or answers half; the old speed stands.
            }
        }
    }

    private static async Task<ClockAnchor> AnchorAsync(HttpClient http, Uri address, CancellationToken ct)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(address, ct));
        return new ClockAnchor(
            json.RootElement.GetProperty("real").GetDateTimeOffset(), json.RootElement.GetProperty("virtual").GetDateTimeOffset(),
            json.RootElement.GetProperty("factor").GetDouble());
    }
}
