using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Has the cluster's provisioner make the machines that the inventory names and that are not there (docs/shadow-cluster.md). A plan that would
/// destroy one is refused; so are machines at another address or in another zone than the inventory says.
/// </summary>
[Tag("provision-hosts", "Provision the cluster's hosts", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.ShadowHosts)]
[Example("")]
public sealed record ProvisionHosts : IClusterTask, IRefusesClusters
{
    private const int MostTold = 50;

    /// <summary>After it somebody is asked whether they are still needed.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public string? WhyNever(Cluster cluster, Inventory inventory) => ShadowRules.WhyNever("shadow-cluster", cluster, null, inventory);

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        if (WhyNever(context.Cluster, context.Inventory) is { } never)
        {
            throw new UnrecoverableException(never);
        }

        var provisioner = Provisioner.Of(context);
        var plan = await provisioner.PlanAsync(ct);
        context.Log.Write($"The provisioner would create {plan.Create}, change {plan.Change} and destroy {plan.Destroy} hosts");
        if (plan.Destroy > 0)
        {
            throw new UnrecoverableException($"the provisioner would destroy {plan.Destroy} hosts of {context.Cluster.Name} to provision it: look at its plan by hand");
        }

        if (plan.Create + plan.Change > 0)
        {
            var name = context.Cluster.Name;
            await context.Debts.OpenAsync(new Owing(
                DebtKind.ShadowHosts, "", $"the hosts of {name} stand", Kept, DebtUndo.Of("destroy-hosts", null, byItself: false, ("cluster_name", name)), DebtNature.Kept), ct);
            await provisioner.ProvisionAsync(ct);
        }

        // What it says it made proves nothing: they are looked at.
        var hosts = await provisioner.DescribeAsync(ct);
        ProvisionWire.RefuseOthers(context.Cluster, hosts);
        if (ProvisionWire.WhyNotReady(context.Cluster, hosts) is { } why)
        {
            throw new RecoverableException($"not all hosts of {context.Cluster.Name} are ready: {why}");
        }

        foreach (var host in hosts.Where(h => h.State == HostState.Ready).Take(MostTold))
        {
            var facts = string.Join(", ", (host.Facts ?? ImmutableSortedDictionary<string, string>.Empty).Take(10).Select(f => ProvisionWire.Short($"{f.Key} {f.Value}")));
            context.Log.Write($"{host.Name} ({host.Address}, {host.Dc}/{host.Rack}) is ready{(facts.Length > 0 ? $": {facts}" : "")}");
        }
    }
}
