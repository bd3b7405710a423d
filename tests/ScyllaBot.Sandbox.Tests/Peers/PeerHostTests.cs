using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Tests.Peers;

/// <summary>Three whole nodes over real sockets of this machine, as the bed has them on nine hosts.</summary>
public sealed class PeerHostTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("scyllabot-peers-").FullName;
    private readonly Dictionary<string, PeerHost> _hosts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Uri> _where = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new();

    public async Task InitializeAsync()
    {
        foreach (var member in PeerBed.Members)
        {
            await BootAsync(member.Name);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts.Values)
        {
            await host.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nodes_find_each_other_hear_a_stop_count_it_and_come_back_with_a_higher_generation()
    {
        await UntilAsync(async () => (await LiveAsync("one")).Length == 3 && (await LiveAsync("two")).Length == 3);
        var generation = await GetAsync<long>("two", "/storage_service/generation_number");

        _hosts["two"].Terminate();
        await UntilAsync(async () => (await LiveAsync("one")).Length == 2);
        Assert.Equal(0, await _hosts["two"].Ended.WaitAsync(_patience));
        await _hosts["two"].DisposeAsync();
        await BootAsync("two");

        await UntilAsync(async () => (await LiveAsync("one")).Length == 3 && (await LiveAsync("two")).Length == 3);
        Assert.True(await GetAsync<long>("two", "/storage_service/generation_number") > generation);
        Assert.Equal(["start", "stop", "start"], File.ReadLines(Path.Combine(_folder, "two", "effects.log")).Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public async Task A_node_says_the_version_of_its_package_and_its_configuration_and_refuses_what_one_process_can_not_simulate()
    {
        await UntilAsync(async () => await ModeAsync("one") == "NORMAL");
        File.WriteAllText(Path.Combine(_folder, "one.yaml"), Yaml.Replace(": 16", ": 99", StringComparison.Ordinal));
        _hosts["one"].Reload();
        await UntilAsync(async () => await GetAsync<int>("one", "/v2/config/compaction_throughput_mb_per_sec") == 99);

        Assert.Equal("6.2.1", await GetAsync<string>("one", "/storage_service/scylla_release_version"));
        using var nothing = await _http.GetAsync(new Uri(_hosts["one"].Rest, "/v2/config/nothing"));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        using var refused = await _http.PostAsync(new Uri(_hosts["one"].Rest, "/storage_service/decommission"), null);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        using var cql = await _http.PostAsync(new Uri(_hosts["one"].Internode, "/cqlsh"), new StringContent("SELECT JSON host_id FROM system.topology"));
        Assert.Contains("(3 rows)", await cql.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.EndsWith(" sighup", File.ReadAllText(Path.Combine(_folder, "one", "effects.log")).Split(" generation", StringSplitOptions.None)[^2], StringComparison.Ordinal);
    }

    private const string Yaml = "cluster_name: bed\napi_address: 127.0.0.1\napi_port: 0\nprometheus_address: 127.0.0.1\nprometheus_port: 0\ncompaction_throughput_mb_per_sec: 16\n";

    private async Task BootAsync(string name)
    {
        var config = Path.Combine(_folder, name + ".yaml");
        File.WriteAllText(config, Yaml);
        Directory.CreateDirectory(Path.Combine(_folder, name));
        var host = new PeerHost(
            new PeerOptions(name, "bed", PeerBed.Members)
            {
                Config = config, State = Path.Combine(_folder, name), Version = "6.2.1", Pace = 100, Internode = new IPEndPoint(IPAddress.Loopback, 0),
                Where = peer => _where.GetValueOrDefault(peer) ?? new Uri("http://127.0.0.1:1"),
            },
            TextWriter.Null);
        await host.StartAsync(CancellationToken.None);
        (_hosts[name], _where[name]) = (host, host.Internode);
    }

    private async Task<string[]> LiveAsync(string name) =>
        await ModeAsync(name) == "NORMAL" ? await GetAsync<string[]>(name, "/gossiper/endpoint/live") : [];

    private async Task<string?> ModeAsync(string name)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(_hosts[name].Rest, "/storage_service/operation_mode"));
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<string>() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<T> GetAsync<T>(string name, string path) => (await _http.GetFromJsonAsync<T>(new Uri(_hosts[name].Rest, path)))!;

    private static async Task UntilAsync(Func<Task<bool>> look)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await look())
        {
            await ticks.WaitForNextTickAsync(patience.Token);
        }
    }
}
