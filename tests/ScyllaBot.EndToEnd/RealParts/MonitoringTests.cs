using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>Real Prometheus and Alertmanager beside real hosts.</summary>
[Collection("real parts")]
public sealed class MonitoringTests(HostBed bed)
{
    [BedFact]
    public async Task A_power_cut_is_an_alert_and_the_end_of_it_is_none()
    {
        await using var monitoring = await Monitoring.StartAsync(bed);
        var host = bed["d", 3];

        await host.DoAsync("cut");
        await Eventually.TrueAsync(async () => (await monitoring.FiringAsync()).SequenceEqual([host.Address]), "the alert of one host", Patience.Job);
        await host.DoAsync("start");
        await bed.HealthyAsync();
        await Eventually.TrueAsync(async () => await monitoring.UpAsync() == bed.All.Length, "all hosts to be scraped again", Patience.Job);
        await Eventually.TrueAsync(async () => (await monitoring.FiringAsync()) is [], "no alert", Patience.Job);
    }
}
