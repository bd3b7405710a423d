using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>If this node leads group0, another one does afterwards (facts 1.18): its restart then costs no election.</summary>
[Tag("raft-stepdown", "Hand over raft leadership", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("")]
public sealed record RaftStepdown : INodeTask
{
    private const int Looks = 12;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (await context.Scylla.RaftLeaderAsync(ct) is { } leader && leader != context.Node.HostId)
        {
            context.Log.Write($"It does not lead: {leader} does");
            return;
        }

        await context.Scylla.TriggerStepdownAsync(ct);
        for (var look = 1; await context.Scylla.RaftLeaderAsync(ct) is not { } now || now == context.Node.HostId; look++)
        {
            if (look == Looks)
            {
                throw new RecoverableException($"{context.Node.Name}: nobody else leads group0 after {Looks * BetweenLooks.TotalSeconds:0} s");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }
}
