using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>That the bed is what the other tests take it for.</summary>
[Collection("real parts")]
public sealed class BedTests(HostBed bed)
{
    [BedFact]
    public async Task Nine_real_hosts_run_systemd_and_a_simulated_node_each_and_all_see_all()
    {
        var states = await Task.WhenAll(bed.All.Select(host => host.ShAsync("systemctl", "is-system-running", "--wait")));
        Assert.All(states, state => Assert.Equal("running", state));

        var host1 = bed["b", 1];
        Assert.Equal("systemd", await host1.ShAsync("cat", "/proc/1/comm"));
        Assert.Equal("Type=notify\nRestart=on-abnormal", await host1.ShAsync("systemctl", "show", "-p", "Type,Restart", "scylla-server"));
        Assert.Contains("initialization completed", await host1.ShAsync("journalctl", "-u", "scylla-server", "-o", "cat"), StringComparison.Ordinal);
        Assert.Equal("6.2.0", await host1.VersionAsync());
        Assert.Contains("scylla_gossip_live{shard=\"0\"} 8", await bed.Http.GetStringAsync(new Uri($"http://{host1.Address}:9180/metrics")), StringComparison.Ordinal);
        Assert.Equal("us-east1", (await host1.RestAsync("/snitch/datacenter"))!.Trim('"'));
        await Eventually.TrueAsync(() => Task.FromResult(host1.Effects() is [{ Kind: "start" }, ..]), "the first effect", Patience.Answer);
    }
}
