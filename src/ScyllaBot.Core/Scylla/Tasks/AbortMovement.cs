using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// The documented way out of a topology operation: its task is aborted, as long as Scylla lets it be, which for a decommission is while its tablets
/// are drained (facts 1.11, 1.15). It is rolled back and ends as failed; a node whose join is aborted is banned. Nothing at work: nothing to do.
/// </summary>
[PointOfNoReturn("the operation: what it has done so far is rolled back, and a node whose join is aborted is banned")]
[Tag("abort-movement", "Abort topology operation", Direction.Neutral, Risk.Destructive, Interruptible.AtCheck)]
[Example("patience_seconds: 900")]
public sealed record AbortMovement : INodeTask
{
    /// <value>Default 15 min: it ends at its own next check.</value>
    [Description("How long it may take until it has ended"), Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var end = context.Time.GetUtcNow() + Patience;
        var running = await RunningMovements.OfAsync(context, context.Node.HostId, ct);
        if (running is not { } movement)
        {
            context.Log.Write($"No topology operation of {context.Node.Name} is at work");
            return;
        }

        if (!movement.IsAbortable)
        {
            throw new UnrecoverableException($"the {movement.Type} of {context.Node.Name} can not be aborted now (task {movement.Id}): let it finish");
        }

        // A dead node that is being removed can not be asked; everybody knows the task of the cluster.
        var asked = movement.Type == "remove node" ? Membership.FirstBut(context, [context.Node]) : context.Node;
        await context.Api(asked).AbortTaskAsync(movement.Id, ct);
        context.Log.Write($"The {movement.Type} of {context.Node.Name} is asked to end (task {movement.Id})");
        while (await RunningMovements.OfAsync(context, context.Node.HostId, ct) is { } still)
        {
            if (context.Time.GetUtcNow() >= end)
            {
                throw new RecoverableException($"the {still.Type} of {context.Node.Name} has not ended {Patience.TotalSeconds:0} s after it was asked to");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }

        context.Log.Write($"The {movement.Type} of {context.Node.Name} has ended; it was rolled back");
    }
}
