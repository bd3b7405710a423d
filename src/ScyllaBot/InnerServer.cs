using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ScyllaBot;

/// <summary>A web server inside of the bot: it writes to the bot's log, leaves signals to the bot, and ends within its time.</summary>
internal sealed class InnerServer
{
    private readonly TimeSpan _stopWithin;

    /// <param name="logs">The bot's.</param>
    /// <param name="stopWithin">What is still asked after this long is cut off.</param>
    /// <param name="configure">Where it listens, and how much it takes. Its name is not told.</param>
    /// <param name="transport">How it listens, where that is not the ordinary way.</param>
    public InnerServer(ILoggerFactory logs, TimeSpan stopWithin, Action<KestrelServerOptions> configure, Action<IWebHostBuilder>? transport = null)
    {
        _stopWithin = stopWithin;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            configure(kestrel);
        });
        transport?.Invoke(builder.WebHost);
        App = builder.Build();
    }

    /// <summary>For its routes, before it starts.</summary>
    public WebApplication App { get; }

    /// <summary>Where it listens, once it has started.</summary>
    public ICollection<string> Addresses => App.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    public async Task StopAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(_stopWithin);
        await App.StopAsync(patience.Token);
        await App.DisposeAsync();
    }

    /// <summary>Signals are the bot's own to act on.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
