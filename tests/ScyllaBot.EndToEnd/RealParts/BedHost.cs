using System.Collections.Immutable;
using System.Text.Json;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>A line of the host's own count of what was done to its scylla.</summary>
internal sealed record HostEffect(DateTimeOffset At, string Kind, string Step);

/// <summary>One host, by the hands of whoever stands in front of it: never by the bot's own way.</summary>
internal sealed class BedHost(HostBed bed, string name, string address, string rack, Guid hostId) : IDisposable
{
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(2);

    /// <summary>Within the host itself, so that its loopback is where Scylla listens.</summary>
    private readonly HttpClient _http = new(BedNetwork.Handler($"{bed.Network}-{name}")) { BaseAddress = new Uri("http://127.0.0.1:10000"), Timeout = TimeSpan.FromSeconds(10) };

    public string Name => name;

    public string Address => address;

    public string Rack => rack;

    public Guid HostId => hostId;

    /// <summary>start, off, cut, freeze, thaw, unplug, plug.</summary>
    public Task DoAsync(string verb) => bed.RunAsync("node.sh", Reach, verb, name);

    /// <summary>A command as root inside, with no network between.</summary>
    public async Task<string> ShAsync(params string[] command) => (await bed.RunAsync("node.sh", Reach, ["sh", name, .. command])).Trim();

    /// <summary>Of its REST API; null while there is no answer, or none but an error.</summary>
    public async Task<string?> RestAsync(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    public async Task<string?> ModeAsync() => (await RestAsync("/storage_service/operation_mode"))?.Trim('"');

    public async Task<string?> VersionAsync() => (await RestAsync("/storage_service/scylla_release_version"))?.Trim('"');

    /// <summary>How many nodes it sees UP; 0 while it does not serve.</summary>
    public async Task<int> LiveAsync() =>
        await ModeAsync() == "NORMAL" && await RestAsync("/storage_service/native_transport") == "true" && await RestAsync("/gossiper/endpoint/live") is { } live
            ? JsonDocument.Parse(live).RootElement.GetArrayLength() : 0;

    /// <summary>A file of the host's disk, whether the host is on or not.</summary>
    public string? File(string path) =>
        Path.Combine(HostBed.State, "nodes", name, "upper", path.TrimStart('/')) is var file && System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file) : null;

    public ImmutableArray<HostEffect> Effects() =>
    [
        .. (File("/var/lib/scylla/effects.log") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(words => new HostEffect(DateTimeOffset.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), words[1], words[3]["step=".Length..])),
    ];

    /// <summary>Such as "drain stop start": what happened since the given count.</summary>
    public string EffectsAfter(int count) => string.Join(' ', Effects().Skip(count).Select(effect => effect.Kind));

    /// <summary>How often the machine was switched on or came back from a reboot.</summary>
    public int Boots() => System.IO.File.ReadLines(Path.Combine(HostBed.State, "nodes", name, "power.log")).Count(line => line.EndsWith(" boot", StringComparison.Ordinal));

    public void Dispose() => _http.Dispose();
}
