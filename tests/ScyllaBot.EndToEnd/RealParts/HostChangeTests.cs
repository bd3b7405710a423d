namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>Packages, reboots and live configuration on real Debian hosts, each change once by the host's own count.</summary>
[Collection("real parts")]
public sealed class HostChangeTests(HostBed bed)
{
    [BedFact]
    public async Task Scylla_is_upgraded_by_apt_once_and_held_again_and_says_its_new_version()
    {
        await using var bot = await RealBot.StartAsync(bed, "", BedWorkflows.Upgrade);
        var host = bed["b", 3];
        await host.ShAsync("apt-mark", "hold", "scylla-server");
        var before = host.Effects().Length;

        await bot.SucceedsAsync(await bot.RunAsync("upgrade", host.Name));

        Assert.Equal("6.2.1", await host.VersionAsync());
        Assert.Equal("scylla-server", await host.ShAsync("apt-mark", "showhold"));
        Assert.Single(host.File("/var/log/dpkg.log")!.Split('\n'), line => line.Contains(" upgrade scylla-server:all 6.2.0-0 6.2.1-0", StringComparison.Ordinal));
        Assert.Equal("drain stop start", host.EffectsAfter(before));
        Assert.Equal("6.2.0", await bed["b", 1].VersionAsync());
        await bed.HealthyAsync();
    }

    [BedFact]
    public async Task R12_two_hosts_are_rebooted_once_each_and_the_bot_is_killed_during_the_second_reboot()
    {
        await using var bot = await RealBot.StartAsync(bed, "", BedWorkflows.Reboot);
        BedHost[] hosts = [bed["c", 2], bed["c", 3]];
        var boots = hosts.Select(host => host.Boots()).ToArray();
        var ids = await Task.WhenAll(hosts.Select(host => host.ShAsync("cat", "/proc/sys/kernel/random/boot_id")));
        var before = hosts.Select(host => host.Effects().Length).ToArray();

        var job = await bot.RunAsync("reboot_hosts", $"{hosts[0].Name} {hosts[1].Name}");
        await bot.UntilAsync(
            job, () => hosts.Zip(before).All(h => h.First.EffectsAfter(h.Second).StartsWith("drain stop", StringComparison.Ordinal)), "the second host's way down");
        await bot.KillAsync();
        await bot.StartAgainAsync();
        await bot.SucceedsAsync(job);

        await bed.HealthyAsync();
        Assert.Equal(boots.Select(count => count + 1), hosts.Select(host => host.Boots()));
        Assert.All(hosts.Zip(before), h => Assert.Equal("drain stop start", h.First.EffectsAfter(h.Second)));
        var after = await Task.WhenAll(hosts.Select(host => host.ShAsync("cat", "/proc/sys/kernel/random/boot_id")));
        Assert.All(ids, id => Assert.DoesNotContain(id, after));
    }

    [BedFact]
    public async Task A_live_option_of_a_zone_is_changed_by_one_SIGHUP_each_and_no_restart()
    {
        await using var bot = await RealBot.StartAsync(bed, "", BedWorkflows.ConfigLive);
        var hosts = bed.All.Where(host => host.Rack == "d").ToArray();

        // A bed that was kept has had this test before.
        var wanted = await hosts[0].RestAsync("/v2/config/compaction_throughput_mb_per_sec") is "64" ? "32" : "64";
        var before = hosts.Select(host => host.Effects().Length).ToArray();

        await bot.SucceedsAsync(await bot.RunAsync("config_live", string.Join(' ', hosts.Select(host => host.Name)), $"throughput={wanted}"));

        foreach (var (host, count) in hosts.Zip(before))
        {
            Assert.Equal(wanted, await host.RestAsync("/v2/config/compaction_throughput_mb_per_sec"));
            Assert.Equal("sighup", host.EffectsAfter(count));
            Assert.Contains($"compaction_throughput_mb_per_sec: {wanted}", host.File("/etc/scylla/scylla.yaml"), StringComparison.Ordinal);
        }

        Assert.Equal("0", await bed["b", 1].RestAsync("/v2/config/compaction_throughput_mb_per_sec"));
    }
}
