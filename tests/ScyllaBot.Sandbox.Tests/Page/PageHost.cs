using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Page;

namespace ScyllaBot.Sandbox.Tests.Page;

/// <summary>The page alone, on a loopback port of its own.</summary>
public sealed class PageHost : IAsyncLifetime
{
    private readonly WebApplication _app = Build();

    public HttpClient Client { get; } = new();

    public async Task InitializeAsync()
    {
        _app.MapPage();
        await _app.StartAsync();
        Client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }
}
