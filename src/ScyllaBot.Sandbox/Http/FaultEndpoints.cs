using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>The body of `POST /sandbox/faults`. Defaults: count 1, seconds 60 (virtual).</summary>
internal sealed record FaultRequest(string? Cluster, string? Node, string? Kind, int? Count, double? Seconds);

/// <summary>Misfortunes on demand, and the operator's hand.</summary>
internal static class FaultEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder app, SandboxWorld world)
    {
        app.MapPost("/sandbox/faults", async (HttpRequest request, CancellationToken ct) =>
            Arm(world, await Wire.ReadAsync<FaultRequest>(request, ct)));
        app.MapGet("/sandbox/faults", () =>
            Wire.Answer(new { faults = world.Agenda.Run(() => world.Faults.Waiting.Select(Show).ToArray()) }));
        app.MapDelete("/sandbox/faults", () => Wire.Answer(new { lifted = world.Agenda.Run(world.LiftFaults) }));
        app.MapPost("/sandbox/nodes/{name}/power", async (string name, HttpRequest request, CancellationToken ct) =>
            Power(world, name, await Wire.ReadAsync<PowerRequest>(request, ct)));
    }

    private static IResult Arm(SandboxWorld world, FaultRequest? body)
    {
        if (body?.Cluster is null || world.Cluster(body.Cluster) is not { } cluster)
        {
            return Wire.Refuse(404, "no such cluster");
        }

        if (body.Node is not null && !cluster.Nodes.Any(node => string.Equals(node.Id.Name, body.Node, StringComparison.Ordinal)))
        {
            return Wire.Refuse(404, "no such node in that cluster");
        }

        if (Wire.FromKebab<FaultKind>(body.Kind) is not { } kind)
        {
            return Wire.Refuse(400, $"kind must be one of {string.Join(", ", Enum.GetValues<FaultKind>().Select(Wire.Kebab))}");
        }

        if (body.Count is < 1 or > 1000 || body.Seconds is < 0 or > 86_400)
        {
            return Wire.Refuse(400, "count must be 1 to 1000, seconds 0 to 86400");
        }

        var length = TimeSpan.FromSeconds(body.Seconds ?? 60);
        return Wire.Answer(world.Agenda.Run(() => Show(world.Arm(kind, cluster, body.Node, body.Count ?? 1, length))));
    }

    private static object Show(Fault fault) => new
    {
        id = fault.Id,
        cluster = fault.Cluster,
        node = fault.Node,
        kind = Wire.Kebab(fault.Kind),
        count = fault.Left,
        seconds = fault.Length.TotalSeconds,
    };

    private static IResult Power(SandboxWorld world, string name, PowerRequest? body)
    {
        if (world.Node(name) is not { } node || body?.On is not { } on)
        {
            return Wire.Refuse(404, "no such node, or no \"on\" in the body");
        }

        // Nobody waits: the operator's hand lets go once systemd has the job.
        world.Agenda.Run(() =>
        {
            _ = on ? node.Unit.StartAsync(Cause.Nobody, "power-on") : node.Unit.StopAsync(Cause.Nobody);
        });
        return Wire.Answer(world.Agenda.Run(() => NodeView.Of(node)));
    }

    private sealed record PowerRequest(bool? On);
}
