using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Brings a machine whose join did not come to its end into a state that somebody can build on: a member that serves, or no member that can not
/// start by itself. A join in flight is waited for, for nothing may cut it (R5). What brings a joining node back instead of the default (R4).
/// </summary>
[Tag("settle-join", "Settle an unfinished join", Direction.BringsUp, Risk.Low, Interruptible.AtCheck)]
[Example("patience_seconds: 86400")]
public sealed record SettleJoin : INodeTask, IChangesMembership
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    /// <value>Default 24 h, from the step's first start.</value>
    [Description("How long a join in flight may take before somebody is called")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(24);

    // None: bringing a node up never needs quorum (R4).
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        while (await WhyNotSettledAsync(context, ct) is { } why)
        {
            if (context.Time.GetUtcNow() >= context.Wait.Started + Patience)
            {
                throw new UnrecoverableException($"{why}, after {Patience.TotalHours:0.#} h; it goes on there, and nothing cuts it");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    /// <returns>Null when it is settled, otherwise what is waited for.</returns>
    private static async Task<string?> WhyNotSettledAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        var own = snapshot.Of(context.Node);
        var witnesses = snapshot.Witnesses.Where(v => v.Node.Name != own.Node.Name && v is { HostIds: not null, Joining: not null }).ToArray();
        if (witnesses.Length == 0 && own.Serves)
        {
            context.Log.Write($"{own.Node.Name} serves, alone in its ring");
            return null;
        }

        var knows = witnesses.FirstOrDefault(v => v.HostIds!.ContainsKey(own.Node.Address) && (!own.Node.IsInRing || v.HostIds!.ContainsValue(own.Node.HostId)));
        if (knows is not null && knows.Joining!.Value.Contains(own.Node.Address, StringComparer.Ordinal))
        {
            return $"{own.Node.Name} is still joining";
        }

        if (knows is not null && own.Serves)
        {
            context.Log.Write($"{own.Node.Name} is a member and serves");
            return null;
        }

        var state = await Systemd.StateAsync(context, Systemd.Scylla, ct);
        if (knows is not null)
        {
            if (state is "inactive" or "failed")
            {
                // It has joined and then ended: it comes back like any other member.
                await Systemd.StartAsync(context, Systemd.Scylla, ct);
            }

            return $"{own.Node.Name} is a member and {own.Mode ?? "does not answer"}";
        }

        if (state is not ("inactive" or "failed") && !own.SaysItServes)
        {
            // JOINING before the coordinator has taken the request: it becomes a member, or ends by itself.
            return $"{own.Node.Name} is {own.Mode ?? "starting"}, and no member knows it yet";
        }

        await LeaveOutAsync(context, own, ct);
        return null;
    }

    private static async Task LeaveOutAsync(NodeContext context, NodeView own, CancellationToken ct)
    {
        if (own.SaysItServes)
        {
            context.Log.Write($"Warning: {own.Node.Name} serves in a ring of its own: it has other seeds than ours (facts 7.18); it is stopped");
        }

        await Systemd.StopAsync(context, Systemd.Scylla, ct);
        await Systemd.EnableAsync(context, Systemd.Scylla, on: false, ct);
        context.Log.Write($"{own.Node.Name} is in no ring, stopped and disabled. Its host id may be banned: wipe its data before it joins anew (facts 7.17)");
    }
}
