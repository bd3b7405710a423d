using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>Rolling restarts of real hosts over ssh, with nothing in their way and with what data centres do.</summary>
[Collection("real parts")]
public sealed class RestartTests(HostBed bed)
{
    [BedFact]
    public async Task Nine_hosts_are_restarted_zone_by_zone_each_once_and_no_two_zones_are_down_together()
    {
        await using var bot = await RealBot.StartAsync(bed, "", BedWorkflows.Restart);
        var before = bed.All.ToDictionary(host => host.Name, host => host.Effects().Length, StringComparer.Ordinal);

        var job = await bot.RunAsync("quick_restart");
        await bot.SucceedsAsync(job);

        await bed.HealthyAsync();
        Assert.All(bed.All, host => Assert.Equal("drain stop start", host.EffectsAfter(before[host.Name])));
        Assert.All(bed.All, host => Assert.StartsWith($"{job}/", host.Effects().Skip(before[host.Name]).First().Step, StringComparison.Ordinal));
        var down = bed.All.Select(host => (host.Rack, From: host.Effects()[^3].At, Until: host.Effects()[^1].At)).ToArray();
        Assert.All(down, one => Assert.All(down, other => Assert.True(
            one.Rack == other.Rack || one.Until < other.From || other.Until < one.From, $"racks {one.Rack} and {other.Rack} were down together")));
    }

    [BedFact]
    public async Task A_host_that_hangs_while_it_is_restarted_is_waited_for()
    {
        await using var bot = await RealBot.StartAsync(bed, "", BedWorkflows.Restart);
        var host = bed["c", 1];
        var before = host.Effects().Length;

        var job = await bot.RunAsync("quick_restart", host.Name);
        await bot.UntilAsync(job, () => host.EffectsAfter(before).StartsWith("drain", StringComparison.Ordinal), "the drain");
        await host.DoAsync("freeze");
        await SeenDownAsync(host);
        await host.DoAsync("thaw");
        await bot.SucceedsAsync(job);

        await bed.HealthyAsync();
        Assert.Equal("drain stop start", host.EffectsAfter(before));
    }

    [BedFact]
    public async Task A_host_that_loses_its_power_while_it_is_restarted_comes_back_and_the_job_goes_on()
    {
        await using var bot = await RealBot.StartAsync(bed, "", BedWorkflows.Restart);
        var host = bed["d", 1];
        var before = host.Effects().Length;

        var job = await bot.RunAsync("quick_restart", host.Name);
        await bot.UntilAsync(job, () => host.EffectsAfter(before) is "drain stop start", "the start");
        await host.DoAsync("cut");
        await SeenDownAsync(host);
        await host.DoAsync("start");
        await bot.SucceedsAsync(job);

        await bed.HealthyAsync();
        Assert.Equal("drain stop start start", host.EffectsAfter(before));
    }

    private async Task SeenDownAsync(BedHost host) => await Eventually.TrueAsync(
        async () => (await bed["b", 3].RestAsync("/gossiper/endpoint/down"))?.Contains($"\"{host.Address}\"", StringComparison.Ordinal) == true,
        $"{host.Name} to be seen down", Patience.Job);
}
