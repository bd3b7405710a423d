using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ScyllaBot;

/// <summary>How a running bot ended: because it was told to, or because one of its loops died, which stops the host too.</summary>
internal static class BotEnd
{
    /// <summary>Until the host has stopped.</summary>
    /// <returns>True: a loop died.</returns>
    public static async Task<bool> WaitAsync(IHost host)
    {
        var loops = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
        var isDead = false;

        // Looked at before anybody is told to stop: what breaks while it is being stopped is no death.
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var stopping = lifetime.ApplicationStopping.Register(() => isDead = loops.Any(l => l.ExecuteTask is { IsCompleted: true, IsCompletedSuccessfully: false }));
        await host.WaitForShutdownAsync();
        return isDead;
    }
}
