using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Gives a machine that has never been in a ring what it must know before its first start: the cluster's name, its addresses, its zone and its
/// seeds (facts 4.6, 4.12). Most of that can not be changed later. Where Salt or Ansible configures machines, that is theirs to do.
/// </summary>
[Tag("configure-node", "Configure a machine that is to join", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("""
    cluster_name: messages
    seeds: [scylla-messages-prd-us-east1-b-1]
    """)]
public sealed record ConfigureNode : INodeTask, IJoinsRing
{
    [Description("The cluster's own name, the same on all its nodes"), RegularExpression("[A-Za-z0-9][A-Za-z0-9 _.-]{0,99}")]
    public required string ClusterName { get; init; }

    [Description("Nodes it finds the ring by; itself only where it is to begin one"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,252}"), MinLength(1)]
    public required IReadOnlyList<string> Seeds { get; init; }

    /// <value>Default empty.</value>
    [Description("Further options, as name=value with the value in YAML"), RegularExpression(ConfigSetting.Pattern)]
    public IReadOnlyList<string> Settings { get; init; } = [];

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await NewNode.RefuseMemberAsync(context, ct);
        if (await Systemd.StateAsync(context, Systemd.Scylla, ct) is not ("inactive" or "failed") and var state)
        {
            throw new UnrecoverableException($"{context.Node.Name}: scylla-server is {CommandOutput.Tail(state)}: what it is told now counts at the first start only");
        }

        var node = context.Node;
        var seeds = Seeds.Select(name => context.Cluster.Find(name)?.Address ?? throw new UnrecoverableException($"seed {name} is no node of {context.Cluster.Name}")).ToArray();
        var before = await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct)
            ?? throw new UnrecoverableException($"{node.Name} has no {ScyllaYaml.Path}: is Scylla installed?");
        var after = ScyllaYaml.Merge(before, ConfigSetting.ParseAll(
        [
            $"cluster_name='{ClusterName}'", $"listen_address={Quoted(node.Address)}", $"rpc_address={Quoted(node.Address)}", "endpoint_snitch=GossipingPropertyFileSnitch",
            $"seed_provider=[{{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{{seeds: \"{string.Join(',', seeds)}\"}}]}}]",
            .. Settings,
        ]));
        await NodeFiles.WriteAsync(context, ScyllaYaml.Path, after, mode: null, before, ct);
        await NodeFiles.WriteAsync(
            context, NewNode.RackPath, $"dc={node.Zone.Datacenter}\nrack={node.Zone.Rack}\n", mode: null, await NodeFiles.ReadAsync(context, NewNode.RackPath, ct), ct);
    }

    /// <summary>An address of version 6 is no plain scalar.</summary>
    private static string Quoted(string address) => $"'{address}'";
}
