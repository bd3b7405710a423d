using Microsoft.Extensions.Hosting;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Leaves signals to whoever owns the process: a node's SIGTERM is a drain first, and no server of it may close before.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
