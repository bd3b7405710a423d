using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Shadow;

/// <summary>R17: not production, enabled, the typed name is the cluster's own, and two people said so.</summary>
internal sealed record TearDownAgreed(string TypedName) : IClusterCondition
{
    private const int People = 2;

    public string Title => "Tear-down is enabled, typed and approved by two";

    /// <exception cref="UnrecoverableException">It is not, and no waiting will change that.</exception>
    public Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var cluster = context.Cluster;
        var people = context.Approvers().Select(p => p.Id).Distinct(StringComparer.Ordinal).Count();
        var why = ShadowRules.WhyNever("tear-down", cluster, null, context.Inventory)
            ?? (TypedName != cluster.Name ? $"the typed name {TypedName} is not {cluster.Name}"
                : people < People ? $"tearing {cluster.Name} down takes two people's approval of this step, and {people} gave it: `approval: {{count: {People}}}` (R17)"
                : null);
        return why is null ? Task.FromResult<string?>(null) : throw new UnrecoverableException(why);
    }
}

/// <summary>
/// Nobody uses any of its machines (facts 7.49). One that does not tell its requests counts as unused only where its Scylla does not run, or
/// where the provisioner never got it ready and nobody reaches it.
/// </summary>
/// <param name="MaxPerSecond">Requests a second of one node that still count as none.</param>
/// <param name="Sample">Time between two readings of the counters.</param>
internal sealed record NobodyUses(double MaxPerSecond, TimeSpan Sample) : IClusterCondition
{
    public string Title => "Nobody uses the cluster";

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        if (context.Cluster.DataService is not null && await WhyFedAsync(context, ct) is { } fed)
        {
            return fed;
        }

        var hosts = await Provisioner.Of(context).DescribeAsync(ct);
        foreach (var node in context.Cluster.Nodes)
        {
            var state = hosts.FirstOrDefault(h => h.Name == node.Name)?.State ?? HostState.Absent;
            if (state != HostState.Absent && await WhyUsedAsync(new NodeContext(context, node), state, ct) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static async Task<string?> WhyFedAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = await Mirror.Of(context).StatusAsync(ct);
        return mirror.Writes.State == MirrorState.On ? $"the data service still mirrors writes to {context.Cluster.Name}"
            : mirror.Reads.State == MirrorState.On ? $"the data service still reads from {context.Cluster.Name}"
            : mirror.Copy is { State: CopyState.Running } ? $"the data service still copies to {context.Cluster.Name}" : null;
    }

    private async Task<string?> WhyUsedAsync(NodeContext node, HostState state, CancellationToken ct)
    {
        try
        {
            var rates = await new NodeTraffic(node, MetricScope.Node, Sample).RequestsAsync(ct);
            var rate = rates[node.Node.Name];
            node.Observe(new Reading($"requests on {node.Node.Name}", rate, "/s", $"metrics of {node.Node.Name}") { Bound = MaxPerSecond });
            return rate <= MaxPerSecond ? null : string.Create(
                CultureInfo.InvariantCulture, $"{node.Node.Name} still serves {rate:0.#} requests a second, more than {MaxPerSecond:0.#}");
        }
        catch (RecoverableException untold)
        {
            return await WhyRunningAsync(node, state, untold.Message, ct);
        }
    }

    private static async Task<string?> WhyRunningAsync(NodeContext node, HostState state, string untold, CancellationToken ct)
    {
        try
        {
            var unit = await Systemd.StateAsync(node, Systemd.Scylla, ct);
            return unit is "inactive" or "failed" ? null
                : $"{node.Node.Name} does not tell its requests ({untold}), and {Systemd.Scylla} is {CommandOutput.Tail(unit)} there";
        }
        catch (RecoverableException unreached) when (state != HostState.Ready)
        {
            node.Log.Write($"{node.Node.Name} was never ready and can not be reached: {unreached.Message}");
            return null;
        }
    }
}
