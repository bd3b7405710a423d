using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Makes Scylla run and serve again, from wherever its own steps left it: a drain, even a hung one, has no other way back (facts 1.10).</summary>
[Tag("scylla-bring-back", "Bring Scylla back", Direction.BringsUp, Risk.Low, Interruptible.AtCheck)]
[Example("")]
public sealed record ScyllaBringBack : INodeTask
{
    private const string Unit = "scylla-server";

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

        await Systemd.StartAsync(context, Unit, ct);
    }
}
