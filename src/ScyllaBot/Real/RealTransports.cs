using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports;

namespace ScyllaBot.Real;

/// <summary>What reaches real nodes. Direct HTTP only, until SSH is merged.</summary>
internal sealed class RealTransports : IAsyncDisposable, ICommandChannel
{
    private RealTransports(HttpClient http) => Http = new HttpExchange(http);

    public IHttpExchange Http { get; }

    public ICommandChannel Commands => this;

    public static RealTransports Open(HttpClient http) => new(http);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) =>
        throw new ExchangeException(ExchangeFailure.NotConnected, "SSH is not merged yet");

    public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => Task.CompletedTask;
}
