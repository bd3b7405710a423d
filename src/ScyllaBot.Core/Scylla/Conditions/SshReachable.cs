using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The node takes commands.</summary>
[Tag("ssh-reachable", "Node takes commands")]
[Example("")]
public sealed record SshReachable : INodeCondition
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var result = await NodeCommands.ReadAsync(context.Commands, context.Node, ["true"], Patience, ct);
        return result.Exit == 0 ? null : $"{context.Node.Name} answers, but runs nothing: exit {result.Exit}: {CommandOutput.Tail(result.Output)}";
    }
}
