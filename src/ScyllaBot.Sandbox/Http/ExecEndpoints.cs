using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>The body of `POST {commands}`. <paramref name="TimeoutMs"/> is virtual time and bounds the wait, not the command.</summary>
internal sealed record ExecRequest(string[]? Argv, string? Receipt, long? Epoch, double? TimeoutMs, string? Step, string? Stdin);

/// <summary>The body of `POST {commands}/release`.</summary>
internal sealed record ReleaseRequest(string? Receipt);

/// <summary>The simulated command channel of each node, `/sandbox/nodes/{name}/exec`.</summary>
internal static class ExecEndpoints
{
    private const int MostWords = 64;
    private const int LongestWord = 8192;

    public static void MapExec(this IEndpointRouteBuilder app, SandboxWorld world)
    {
        var channels = world.Nodes.ToImmutableSortedDictionary(n => n.Id.Name, n => new CommandChannel(n), StringComparer.Ordinal);
        app.MapPost("/sandbox/nodes/{name}/exec", async (string name, HttpRequest request, CancellationToken ct) =>
        {
            if (!channels.TryGetValue(name, out var channel))
            {
                return Wire.Refuse(404, "no such node");
            }

            var body = await Wire.ReadAsync<ExecRequest>(request, ct);
            return body?.Argv is { Length: > 0 and <= MostWords } argv && Array.TrueForAll(argv, word => word is { Length: <= LongestWord })
                ? await ExecAsync(world, channel, [.. argv], body, ct)
                : Wire.Refuse(400, $"argv must have 1 to {MostWords} words of at most {LongestWord} characters");
        });
        app.MapPost("/sandbox/nodes/{name}/exec/release", async (string name, HttpRequest request, CancellationToken ct) =>
        {
            var body = await Wire.ReadAsync<ReleaseRequest>(request, ct);
            if (!channels.TryGetValue(name, out var channel) || body?.Receipt is null)
            {
                return Wire.Refuse(404, "no such node, or no receipt named");
            }

            return Wire.Answer(new { released = world.Agenda.Run(() => channel.Release(body.Receipt)) });
        });
    }

    private static async Task<IResult> ExecAsync(
        SandboxWorld world, CommandChannel channel, ImmutableArray<string> argv, ExecRequest body, CancellationToken ct)
    {
        var start = world.Agenda.Run(() => channel.Start(new CommandCall(argv, body.Receipt, body.Epoch, body.Step, body.Stdin)));
        if (start.Unreachable)
        {
            return Wire.Refuse(503, "the machine is down");
        }

        if (start.Lost)
        {
            return Wire.Answer(new { exit = (int?)null, output = "", state = "lost" });
        }

        if (start.Stale || start.Result is null)
        {
            return Wire.Refuse(409, "stale epoch");
        }

        try
        {
            var wait = body.TimeoutMs is { } limit and > 0 and < 1e9 ? TimeSpan.FromMilliseconds(limit) : Timeout.InfiniteTimeSpan;
            var result = await start.Result.WaitAsync(wait, world.Time, ct);
            return ReferenceEquals(result, CommandResult.Gone)
                ? Wire.Refuse(503, "the machine went down")
                : Wire.Answer(new { exit = result.Exit, output = result.Output, state = "finished" });
        }
        catch (TimeoutException)
        {
            return Wire.Answer(new { exit = (int?)null, output = "", state = "running" });
        }
    }
}
