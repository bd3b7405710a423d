using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ScyllaBot.Transports.Tests.Nodes;

/// <summary>A real HTTP server on loopback that says what it was asked.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeServer(WebApplication app) => _app = app;

    public Uri Address { get; private init; } = null!;

    public int Asked { get; private set; }

    public static async Task<NodeServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost0(certificate);
        });
        var app = builder.Build();
        NodeServer? server = null;
        app.Run(async context =>
        {
            server!.Asked++;
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (context.Request.Path == "/long")
            {
                await context.Response.WriteAsync(new string('x', 200_000));
                return;
            }

            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer wrong" ? 401 : 200;
            context.Response.Headers["X-Seen"] = "yes";
            await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}|");
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync($"{context.Request.Headers.Authorization}|{context.Request.ContentLength}|{body}");
        });
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server = new NodeServer(app) { Address = new Uri(address) };
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

internal static class KestrelPorts
{
    public static void ListenLocalhost0(this Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, X509Certificate2? certificate) =>
        kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        });
}
