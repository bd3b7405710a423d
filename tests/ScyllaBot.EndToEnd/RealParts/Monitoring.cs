using System.Text.Json;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>A real Prometheus that scrapes the hosts' nodes, and a real Alertmanager that it tells, in the bed's network.</summary>
internal sealed class Monitoring : IAsyncDisposable
{
    private readonly HostBed _bed;
    private readonly Scratch _files = new();
    private readonly BuiltProgram _prometheus;
    private readonly BuiltProgram _alertmanager;

    private Monitoring(HostBed bed)
    {
        _bed = bed;
        File.WriteAllText(_files["prometheus.yml"], $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [rules.yml]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:19093'] }] }] }
            scrape_configs:
              - job_name: scylla
                static_configs:
                  - labels: { cluster: {{HostBed.Cluster}} }
                    targets: [{{string.Join(", ", bed.All.Select(host => $"'{host.Address}:9180'"))}}]
                relabel_configs:
                  - { source_labels: [__address__], regex: '([^:]+):.*', target_label: instance }
            """);
        File.WriteAllText(_files["rules.yml"], """
            groups:
              - name: bed
                rules:
                  - { alert: InstanceDown, expr: up == 0, labels: { severity: critical } }
            """);
        File.WriteAllText(_files["alertmanager.yml"], "route: { receiver: nobody, group_wait: 0s }\nreceivers: [{ name: nobody }]\n");
        _prometheus = Start(
            "prometheus", $"--config.file={_files["prometheus.yml"]}", $"--storage.tsdb.path={_files["tsdb"]}", "--web.listen-address=127.0.0.1:19090");
        _alertmanager = Start(
            "prometheus-alertmanager", $"--config.file={_files["alertmanager.yml"]}", $"--storage.path={_files["alerts"]}", "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:19093");
    }

    public static Uri Prometheus { get; } = new("http://127.0.0.1:19090");

    public static Uri Alertmanager { get; } = new("http://127.0.0.1:19093");

    /// <summary>What the inventory says of them.</summary>
    public static string InventoryLines =>
        $"    prometheus: {{ url: \"{Prometheus}\", matcher: 'cluster=\"{HostBed.Cluster}\"' }}\n    alertmanager: {{ url: \"{Alertmanager}\", matcher: 'cluster=\"{HostBed.Cluster}\"' }}\n";

    /// <summary>Returns when Prometheus has scraped every host.</summary>
    public static async Task<Monitoring> StartAsync(HostBed bed)
    {
        var monitoring = new Monitoring(bed);
        try
        {
            await Eventually.TrueAsync(async () => await monitoring.UpAsync() == bed.All.Length, "Prometheus to see every host up", Patience.Start, TimeSpan.FromMilliseconds(300));
            return monitoring;
        }
        catch (TimeoutException late)
        {
            var said = $"{monitoring._prometheus.Errors[^Math.Min(2000, monitoring._prometheus.Errors.Length)..]}\n{monitoring._alertmanager.Errors}";
            await monitoring.DisposeAsync();
            throw new TimeoutException($"{late.Message}\n{said}", late);
        }
    }

    /// <summary>Hosts whose last scrape went well.</summary>
    public async Task<int> UpAsync() => await GetAsync(Prometheus, "/api/v1/query?query=sum(up)") is { } answer
        && answer.GetProperty("data").GetProperty("result") is { ValueKind: JsonValueKind.Array } result && result.GetArrayLength() > 0
            ? int.Parse(result[0].GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>Addresses that an unsilenced InstanceDown is about, as Alertmanager has it.</summary>
    public async Task<string[]> FiringAsync() => await GetAsync(Alertmanager, "/api/v2/alerts?silenced=false&active=true") is { } answer
        ? [.. answer.EnumerateArray().Select(a => a.GetProperty("labels").GetProperty("instance").GetString()!)] : [];

    /// <summary>Silences that hold now: comment and state.</summary>
    public async Task<JsonElement[]> SilencesAsync() => await GetAsync(Alertmanager, "/api/v2/silences") is { } answer ? [.. answer.EnumerateArray()] : [];

    public async ValueTask DisposeAsync()
    {
        await _prometheus.DisposeAsync();
        await _alertmanager.DisposeAsync();
        _files.Dispose();
    }

    private async Task<JsonElement?> GetAsync(Uri service, string path)
    {
        try
        {
            return JsonDocument.Parse(await _bed.Http.GetStringAsync(new Uri(service, path))).RootElement;
        }
        catch (HttpRequestException)
        {
            // Not up yet.
            return null;
        }
    }

    private BuiltProgram Start(string program, params string[] arguments) =>
        BuiltProgram.Start(["nsenter", $"--net={_bed.Network}", program, .. arguments], _files.Folder, []);
}
