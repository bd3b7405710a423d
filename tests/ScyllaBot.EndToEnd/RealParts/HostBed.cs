using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>
/// Nine Debian hosts in three zones: systemd as PID 1, sshd, journald, apt, and our simulated node as their scylla-server. Up once for all
/// tests of the collection.
/// </summary>
public sealed class HostBed : IAsyncLifetime
{
    public const string Cluster = "scylla-bed";
    private const int Hosts = 9;
    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(5);

    /// <summary>Of this checkout: another one's tests may run on the same machine. At most eight letters.</summary>
    private static readonly string Id = "scb" + Crc(BedScripts.Path("up.sh")).ToString("x8", CultureInfo.InvariantCulture)[..5];

    internal static string State { get; } = $"/tmp/bed/{Id}";

    internal string Network { get; } = $"/run/netns/{Id}";

    internal ImmutableArray<BedHost> All { get; private set; } = [];

    /// <summary>Reaches what listens inside the bed.</summary>
    internal HttpClient Http { get; private set; } = null!;

    /// <summary>The n-th host of a zone, from 1.</summary>
    internal BedHost this[string rack, int n] => All.Single(host => host.Name == $"{Cluster}-us-east1-{rack}-{n}");

    /// <summary>While tests are written: a bed that stands is used as it is, and left standing.</summary>
    private static readonly bool IsKept = Environment.GetEnvironmentVariable("SCYLLABOT_KEEP_BED") is "1";

    public async Task InitializeAsync()
    {
        if (!IsKept || !File.Exists(Path.Combine(State, "members")))
        {
            await RunAsync("down.sh", BootPatience);
            Directory.CreateDirectory(Path.GetDirectoryName(State)!);
            await RunAsync("up.sh", BootPatience, Hosts.ToString(CultureInfo.InvariantCulture));
        }

        var members = File.ReadLines(Path.Combine(State, "members")).Select(line => line.Split(' ')).ToArray();
        Http = new HttpClient(BedNetwork.Handler(Network)) { Timeout = TimeSpan.FromSeconds(30) };
        using var first = new BedHost(this, members[0][0], members[0][1], members[0][3], Guid.Empty);
        await Eventually.TrueAsync(async () => await first.ModeAsync() == "NORMAL", $"{first.Name} to be NORMAL", BootPatience);
        var ids = JsonDocument.Parse((await first.RestAsync("/storage_service/host_id"))!).RootElement.EnumerateArray()
            .ToDictionary(pair => pair.GetProperty("key").GetString()!, pair => pair.GetProperty("value").GetGuid(), StringComparer.Ordinal);
        All = [.. members.Select(m => new BedHost(this, m[0], m[1], m[3], ids[m[1]]))];
        await HealthyAsync();
    }

    public async Task DisposeAsync()
    {
        Http?.Dispose();
        foreach (var host in All)
        {
            host.Dispose();
        }

        if (!IsKept)
        {
            await RunAsync("down.sh", BootPatience);
        }
    }

    /// <summary>Returns when every host serves and sees every other one UP.</summary>
    internal async Task HealthyAsync() => await Eventually.TrueAsync(
        async () => (await Task.WhenAll(All.Select(host => host.LiveAsync()))).All(live => live == Hosts),
        "every host to see all nine UP", BootPatience, TimeSpan.FromMilliseconds(300));

    /// <summary>Runs one of the bed's scripts to its end.</summary>
    /// <returns>What it printed.</returns>
    internal async Task<string> RunAsync(string script, TimeSpan patience, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash", [BedScripts.Path(script), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        start.Environment["BED_ID"] = Id;
        start.Environment["BED_STATE"] = State;

        // What the build that runs us has set is not for the one that we run.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timer = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} {string.Join(' ', arguments)} did not end within {patience.TotalSeconds:0} s", late);
        }

        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
    }

    private static uint Crc(string text) => text.Aggregate(2_166_136_261u, (hash, c) => (hash ^ c) * 16_777_619u);
}

[CollectionDefinition("real parts")]
public sealed class RealPartsDefinition : ICollectionFixture<HostBed>, ICollectionFixture<Packaging.BuiltImage>;
