using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Oracle;

namespace ScyllaBot.Sandbox.Http;

/// <summary>The body of `POST /sandbox/speed`.</summary>
internal sealed record SpeedRequest(double? Factor);

/// <summary>`/sandbox/…`: clock, clusters, inventory, events; and `/oracle/…`.</summary>
internal static class SandboxEndpoints
{
    public static void MapSandbox(this WebApplication app, SandboxWorld world, QuorumOracle oracle, NodePorts ports, EventStream events)
    {
        app.MapGet("/sandbox/clusters", () => Wire.Answer(world.Agenda.Run(() => Clusters(world, oracle))));
        app.MapGet("/sandbox/inventory", (HttpRequest request) =>
            Results.Text(Inventory.Yaml(world, ports, $"http://{request.Host}"), "application/yaml"));
        app.MapGet("/sandbox/events", (HttpContext http, IHostApplicationLifetime life) =>
            Linked(http, life, ct => events.ServeAsync(http.Response, ct)));
        app.MapExec(world);
        app.MapServices(world);
        app.MapFaults(world);
        app.MapOracle(world, oracle);
    }

    public static void MapClock(this WebApplication app, ScaledTime time, EventStream events)
    {
        app.MapGet("/sandbox/clock", () => Wire.Answer(time.Anchor));
        app.MapPost("/sandbox/speed", async (HttpRequest request, CancellationToken ct) =>
        {
            if ((await Wire.ReadAsync<SpeedRequest>(request, ct))?.Factor is not ({ } factor and >= 0.1 and <= 1000))
            {
                return Wire.Refuse(400, "factor must be 0.1 to 1000");
            }

            time.SetFactor(factor);
            events.Send("clock", time.Anchor);
            return Wire.Answer(time.Anchor);
        });
    }

    private static void MapOracle(this WebApplication app, SandboxWorld world, QuorumOracle oracle)
    {
        app.MapGet("/oracle/verdict", (string? cluster) => world.Agenda.Run(() => oracle.Verdict(cluster)) is { } verdict
            ? Wire.Answer(verdict)
            : Wire.Refuse(404, "no such cluster"));
        app.MapGet("/oracle/effects", (string? cluster) => Wire.Answer(world.Agenda.Run(() => oracle.Effects(cluster).ToArray())));
        app.MapPost("/oracle/reset", () =>
        {
            world.Agenda.Run(oracle.Reset);
            return Wire.Answer(new { reset = true });
        });
    }

    private static object Clusters(SandboxWorld world, QuorumOracle oracle) => new
    {
        clusters = world.Clusters.Select(cluster => new
        {
            name = cluster.Name,
            dc = cluster.Machines[0].Id.Dc,
            balancing = cluster.Balancing,
            nodes = (cluster.Runner is null ? cluster.Nodes : cluster.Machines).Select(NodeView.Of).ToArray(),
        }).ToArray(),
        verdict = oracle.Verdict(),
    };

    /// <summary>A stream must end when the host stops, or the host would wait for it.</summary>
    private static async Task Linked(HttpContext http, IHostApplicationLifetime life, Func<CancellationToken, Task> serve)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        await serve(either.Token);
    }
}
