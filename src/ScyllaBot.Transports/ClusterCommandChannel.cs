using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports;

/// <summary>Each node by its own way: SSH where the inventory says how, else the door of simulated nodes.</summary>
public sealed class ClusterCommandChannel(SshCommandChannel ssh, SandboxCommandChannel sandbox) : ICommandChannel
{
    public Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) =>
        Of(node).RunAsync(node, command, line, ct);

    public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => Of(node).ReleaseAsync(node, receipt, ct);

    private ICommandChannel Of(Node node) => node.Access is null ? sandbox : ssh;
}
