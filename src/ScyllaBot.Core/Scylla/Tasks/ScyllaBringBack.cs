using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Makes Scylla run and serve again, from wherever its own steps left it: a drain, even a hung one, has no other way back (facts 1.10).</summary>
[Tag("scylla-bring-back", "Bring Scylla back", Direction.BringsUp, Risk.Low, Interruptible.AtCheck)]
[Example("")]
public sealed record ScyllaBringBack : INodeTask
{
    private const string Unit = "scylla-server";

    /// <value>Default false. One that serves is left alone where its stop would cost a quorum.</value>
    [Description("Start it anew even if it runs, because a file or package that it read at its start was put back")]
    public bool Anew { get; init; }

    // None: bringing a node up never needs quorum (R4).
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        // Drained or draining it serves nobody, so a stop costs nothing; in every other mode the process is left alone.
        var mode = await context.Scylla.OperationModeAsync(ct);
        if (mode is "DRAINING" or "DRAINED")
        {
            context.Log.Write($"Stopping it first: it is {mode} and only a new process serves again");
            await Systemd.StopAsync(context, Unit, ct);
        }
        else if (Anew && await ScyllaRun.IsTheFirstAsync(context, ct) && await MayStopAsync(context, mode, ct))
        {
            await Systemd.StopAsync(context, Unit, ct);
        }

        await Systemd.StartAsync(context, Unit, ct);
    }

    private static async Task<bool> MayStopAsync(NodeContext context, string? mode, CancellationToken ct)
    {
        if (mode == "NORMAL" && await new QuorumSafe().WhyNotAsync(context, ct) is { } why)
        {
            context.Log.Write($"Warning: it serves and goes on as it was started, since a stop is not safe now: {why}. It needs a restart later");
            return false;
        }

        return true;
    }
}
