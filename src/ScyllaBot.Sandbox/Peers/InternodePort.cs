using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>What a node's peers, and the bed's cqlsh, ask it.</summary>
internal static class InternodePort
{
    private const int LongestStatement = 10_000;

    public static WebApplication Build(IPEndPoint where, SimNode node, PeerWatch watch)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestStatement;
            kestrel.Listen(where);
        });
        var app = builder.Build();
        var agenda = node.Cluster.Agenda;
        app.MapGet("/peer", () => agenda.Run(() => PeerState.Of(node)) is { } state ? Wire.Answer(state) : Wire.Refuse(503, "not in gossip"));
        app.MapPost("/peer/leave", async (HttpRequest request) =>
        {
            if (await Wire.ReadAsync<PeerLeave>(request, request.HttpContext.RequestAborted) is not { Name: not null } leave)
            {
                return Wire.Refuse(400, "no leave");
            }

            agenda.Run(() => watch.Heard(leave));
            return Results.NoContent();
        });
        app.MapPost("/cqlsh", async (HttpRequest request) =>
        {
            using var body = new StreamReader(request.Body);
            var statement = await body.ReadToEndAsync(request.HttpContext.RequestAborted);
            var result = agenda.Run(() => Cqlsh.Run(node, statement));
            return Wire.Answer(new { exit = result.Exit, output = result.Output });
        });
        return app;
    }
}
