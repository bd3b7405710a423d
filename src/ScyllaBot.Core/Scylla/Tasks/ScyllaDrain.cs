using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Stops CQL, announces the shutdown, flushes (facts 1.10). The way back is a process restart.</summary>
[Undo("a new process: start scylla-server (restore does it)")]
[Tag("scylla-drain", "Drain Scylla node", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
[Example("")]
public sealed record ScyllaDrain : INodeTask
{
    // As the Scylla operator does: a drain that takes longer hangs (facts 1.10).
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var givesUp = context.Time.GetUtcNow() + Patience;
        var mode = await context.Scylla.OperationModeAsync(ct);
        if (mode is "DRAINED")
        {
            context.Log.Write("Already drained");
            return;
        }

        if (mode is null && await Systemd.StateAsync(context, "scylla-server", ct) is "inactive" or "failed")
        {
            // An earlier start failed, say: the next steps bring it up again, and a retry of the drain could never pass.
            context.Log.Write("Scylla does not run: there is nothing to drain");
            return;
        }

        // A drain of ours may still run: the host was killed meanwhile, or its answer was lost. The mode is the receipt of a drain (R12).
        var answered = mode is not "DRAINING" && await AskAsync(context, ct);
        for (mode = await context.Scylla.OperationModeAsync(ct); mode is not "DRAINED"; mode = await context.Scylla.OperationModeAsync(ct))
        {
            // The answer alone proves nothing; GET drain always says "Drained" (facts 1.9, 7.3).
            // A mode that could not be read this once is no answer either way.
            if ((answered && mode is not null) || context.Time.GetUtcNow() >= givesUp)
            {
                throw new UnrecoverableException(answered
                    ? $"{context.Node.Name}: drain answered, but the mode is {mode ?? "unknown"}"
                    : $"{context.Node.Name}: not drained within {Patience.TotalMinutes:0} minutes, the mode is {mode ?? "unknown"}");
            }

            if (mode is "NORMAL")
            {
                throw new RecoverableException($"{context.Node.Name}: the drain was lost on its way: the mode is still NORMAL");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }

        context.Log.Write("Drain completed successfully");
    }

    /// <returns>False when no answer came, so that only the mode can tell.</returns>
    private static async Task<bool> AskAsync(NodeContext context, CancellationToken ct)
    {
        try
        {
            await context.Scylla.DrainAsync(Patience, ct);
            return true;
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            context.Log.Write($"Warning: {lost.Message}");
            return false;
        }
        catch (RecoverableException busy)
        {
            // A drain that somebody else began since our look is as good as ours (facts 7.5).
            if (await context.Scylla.OperationModeAsync(ct) is not ("DRAINING" or "DRAINED"))
            {
                throw;
            }

            context.Log.Write($"Warning: {busy.Message}");
            return false;
        }
    }
}
