using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Watching;

/// <summary>A test against the real Prometheus and Alertmanager of the system; skipped, and saying so, where they are not installed.</summary>
internal sealed class MonitoringFactAttribute : FactAttribute
{
    public MonitoringFactAttribute()
    {
        var missing = new[] { RealMonitoring.Prometheus, RealMonitoring.Alertmanager }.Where(file => !File.Exists(file)).ToArray();
        Skip = missing.Length > 0 ? $"{string.Join(" and ", missing)} not installed (apt: prometheus, prometheus-alertmanager)" : null;
    }
}

/// <summary>A real Prometheus, which scrapes the given targets every second, and a real Alertmanager that it tells of dead ones. Both end with it, by their ids.</summary>
internal sealed class RealMonitoring : IAsyncDisposable
{
    public const string Prometheus = "/usr/bin/prometheus";
    public const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    private readonly List<Process> _processes = [];

    private RealMonitoring(int prometheus, int alertmanager) =>
        (PrometheusUrl, AlertmanagerUrl) = (new Uri($"http://127.0.0.1:{prometheus}/"), new Uri($"http://127.0.0.1:{alertmanager}/"));

    public Uri PrometheusUrl { get; }

    public Uri AlertmanagerUrl { get; }

    /// <param name="folder">For their files.</param>
    /// <param name="targets">Instance label and address of each.</param>
    public static async Task<RealMonitoring> StartAsync(string folder, IEnumerable<(string Instance, string Address)> targets)
    {
        var real = new RealMonitoring(FreePort(), FreePort());
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), """
                groups:
                - name: nodes
                  rules:
                  - alert: InstanceDown
                    expr: up == 0
                    labels: {severity: warning}
                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules.yml]
                alerting: {alertmanagers: [{static_configs: [{targets: ["{{real.AlertmanagerUrl.Authority}}"]}]}]}
                scrape_configs:
                - job_name: scylla
                  static_configs:
                {{string.Join('\n', targets.Select(t => $"  - {{targets: [\"{t.Address}\"], labels: {{instance: \"{t.Instance}\", cluster: messages-stg, dc: us-east1}}}}"))}}
                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), """
                route: {receiver: nobody, group_wait: 1s}
                receivers: [{name: nobody}]
                """);
            real.Run(Alertmanager, folder, "--config.file=alertmanager.yml", "--storage.path=am", "--cluster.listen-address=", $"--web.listen-address={real.AlertmanagerUrl.Authority}");
            real.Run(Prometheus, folder, "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address={real.PrometheusUrl.Authority}");
            await ReadyAsync(real.PrometheusUrl);
            await ReadyAsync(real.AlertmanagerUrl);
            return real;
        }
        catch
        {
            await real.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }
    }

    private void Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        var process = Process.Start(start)!;
        _processes.Add(process);

        // Read and dropped: a full pipe would stop it.
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    private static async Task ReadyAsync(Uri url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(url, "-/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, string.Create(CultureInfo.InvariantCulture, $"{url} to be ready"), Patience.Start, TimeSpan.FromMilliseconds(200));
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
