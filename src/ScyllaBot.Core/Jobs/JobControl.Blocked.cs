namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    /// <summary>R15: what would refuse a start now, and for whom it would wait, in the words of the start itself. A plan takes nothing, so it is made all the same.</summary>
    private async Task<Plan> WithBlocksAsync(Plan plan, CancellationToken ct)
    {
        if (UnderRules.OnlyBringsUp(plan))
        {
            return plan;
        }

        var refused = ImmutableArray.CreateBuilder<string>();
        if (ports.Fleet.Halt is { } halt)
        {
            refused.Add(halt.Sentence);
        }

        JobEvent? taken = null;
        var said = "";
        if (plan.Request.Under is null)
        {
            (taken, said) = LeaseFor(plan, await ports.Store.LeaseAsync(plan.Cluster.Name, ct), ports.Time.GetUtcNow());
            refused.AddRange(taken switch
            {
                null => [said],
                LeaseTaken lease when LeaseRules.WhyNot(lease, await HeldLeasesAsync(ct)) is { } elsewhere => [$"{Capital(elsewhere.Why)}."],
                _ => ImmutableArray<string>.Empty,
            });
        }

        return plan with
        {
            Concerns = [.. refused.Select(why => $"A start is refused: {why}"), .. plan.Concerns],
            Waits = taken is LeaseAwaited ? [said, .. plan.Waits] : plan.Waits,
        };
    }

    private async Task<ImmutableArray<Lease>> HeldLeasesAsync(CancellationToken ct)
    {
        var held = ImmutableArray.CreateBuilder<Lease>();
        foreach (var cluster in inventory.Current.Clusters)
        {
            if (await ports.Store.LeaseAsync(cluster.Name, ct) is { Job: not null } lease)
            {
                held.Add(lease);
            }
        }

        return held.ToImmutable();
    }
}
