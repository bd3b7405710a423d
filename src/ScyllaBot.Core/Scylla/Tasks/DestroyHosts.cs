using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Tears a cluster down: its provisioner destroys the machines with their disks (facts 7.49). Never in production, only where the inventory
/// enables <c>tear-down</c>, with the cluster's name typed, two people's approval, and nobody asking any node for anything (R17).
/// </summary>
[PointOfNoReturn("the machines and everything on them")]
[Tag("destroy-hosts", "Destroy the cluster's hosts", Direction.Neutral, Risk.Destructive, Interruptible.No)]
[Pays(DebtKind.ShadowHosts)]
[Example("cluster_name: messages-shadow")]
public sealed record DestroyHosts : IClusterTask, IRefusesClusters, IEndsCluster
{
    [Description("The cluster's name, typed once more"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string ClusterName { get; init; }

    /// <value>Default 1: drivers ask for the topology and keep connections alive.</value>
    [Description("Requests a second of one node that still count as none"), Range(0.0, 10.0)]
    public double MaxPerSecond { get; init; } = 1;

    /// <value>Default 10 s.</value>
    [Description("Time between the two readings of a node's requests"), Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<IClusterCondition> Preconditions => [new TearDownAgreed(ClusterName), new NobodyUses(MaxPerSecond, Sample)];

    public string? WhyNever(Cluster cluster, Inventory inventory) => ShadowRules.WhyNever("tear-down", cluster, null, inventory)
        ?? (ClusterName == cluster.Name ? null : $"the typed name {ClusterName} is not {cluster.Name}");

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var provisioner = Provisioner.Of(context);
        if (Left(context, await provisioner.DescribeAsync(ct)) == 0)
        {
            context.Log.Write("There is no host left");
            await context.Debts.PayAsync(DebtKind.ShadowHosts, "", ct);
            return;
        }

        await provisioner.DestroyAsync(ct);
        var left = Left(context, await provisioner.DescribeAsync(ct));
        if (left > 0)
        {
            throw new RecoverableException($"{left} hosts of {context.Cluster.Name} are still there");
        }

        context.Log.Write("Every host is gone, with its disks");
        await context.Debts.PayAsync(DebtKind.ShadowHosts, "", ct);
    }

    private static int Left(ClusterContext context, ImmutableArray<ProvisionedHost> hosts)
    {
        ProvisionWire.RefuseOthers(context.Cluster, hosts);
        return hosts.Count(h => h.State != HostState.Absent);
    }
}
