using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Makes sure that a machine may be the first of a ring, before anything starts there (facts 4.12): no machine of the cluster runs Scylla or holds
/// data, so there is no ring that it would stand beside (facts 7.18). It only reads.
/// </summary>
[Tag("check-first-node", "Check the machine that begins the ring", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("")]
public sealed record CheckFirstNode : INodeTask, IJoinsRing
{
    private const string Data = "/var/lib/scylla/data";

    public bool MayFound => true;

    public IReadOnlyList<INodeCondition> Preconditions => [new ClockInSync()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        foreach (var node in context.Cluster.Nodes.OrderBy(n => n.Name == context.Node.Name ? 0 : 1))
        {
            await RefuseUsedAsync(new NodeContext(context, node), ct);
        }

        var seeds = await NewNode.YamlAsync(context, ct) is { } yaml ? NewNode.SeedsOf(yaml) : [];
        var (address, name) = (context.Node.Address, context.Node.Name);
        if (seeds.Length > 0 && !seeds.Contains(address, StringComparer.Ordinal) && !seeds.Contains(name, StringComparer.Ordinal))
        {
            throw new UnrecoverableException($"{name} names {string.Join(", ", seeds.Take(5))} as seeds and not itself: it would wait for them, and there is nobody (facts 4.12)");
        }

        context.Log.Write($"No machine of {context.Cluster.Name} runs Scylla or holds data: {name} may begin the ring");
    }

    private static async Task RefuseUsedAsync(NodeContext context, CancellationToken ct)
    {
        if (await Systemd.StateAsync(context, Systemd.Scylla, ct) is not ("inactive" or "failed") and var state)
        {
            throw new UnrecoverableException(
                $"{context.Node.Name}: scylla-server is {CommandOutput.Tail(state)} already: two rings of one name must never be (facts 7.18)");
        }

        if (await NodeFiles.NamesAsync(context, Data, ct) is [var found, ..])
        {
            throw new UnrecoverableException($"{context.Node.Name}: {Data} is not empty ({found} …): it has been in a ring, wipe it first (facts 7.17)");
        }
    }
}
