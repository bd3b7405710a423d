using Microsoft.AspNetCore.Http;

namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>Takes the WebSocket upgrade at /gateway and /gateway/resume.</summary>
internal static class GatewayEndpoint
{
    public static async Task AcceptAsync(HttpContext context, DiscordWorld world, CancellationToken stopping)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        lock (world.Gate)
        {
            world.Origin = $"http://{context.Request.Host}";
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var query = new GatewayQuery(Value(context, "v"), Value(context, "encoding"));
        world.Traffic.Gateway("in", "-", $"connect {context.Request.Path}{context.Request.QueryString}");
        await new GatewayConnection(world, socket, query, context.Abort).RunAsync(ends.Token);
    }

    private static string? Value(HttpContext context, string key) =>
        context.Request.Query.TryGetValue(key, out var value) ? value.ToString() : null;
}
