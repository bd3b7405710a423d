using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ScyllaBot.Observe;

/// <summary>Sends the jobs' traces to a collector by OTLP over HTTP. A collector that does not answer costs traces, never a job.</summary>
internal sealed class TraceExport(Uri collector, string version, JobTraces traces) : IHostedService, IDisposable
{
    private const int PatienceMs = 5000;
    private const string Path = "v1/traces";
    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var at = collector.AbsolutePath.EndsWith(Path, StringComparison.Ordinal) ? collector : new Uri($"{collector.ToString().TrimEnd('/')}/{Path}");
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(JobTraces.SourceName)
            .SetSampler(new AlwaysOnSampler())
            .ConfigureResource(resource => resource.Clear().AddService("scyllabot", serviceVersion: version))
            .AddOtlpExporter(options => (options.Endpoint, options.Protocol, options.TimeoutMilliseconds) = (at, OtlpExportProtocol.HttpProtobuf, PatienceMs))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Asked after the engine has let its jobs go: what is open ends, and what waits is sent.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces.Dispose();
        return Task.Run(() => _provider?.ForceFlush(PatienceMs), CancellationToken.None);
    }

    public void Dispose() => _provider?.Dispose();
}
