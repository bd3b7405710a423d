using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Watches that Scylla is not restarted by work that the workflow says does not restart it (R1).</summary>
internal static class ScyllaRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // systemd gives each start of a unit an id of its own (systemd 232 and newer).
    private static readonly ImmutableArray<string> Asks = ["systemctl", "show", Systemd.Scylla, "--property=InvocationID", "--value"];

    /// <summary>Does the work; with <c>restarts_scylla: false</c> it compares which run of Scylla was there before and is there after.</summary>
    /// <exception cref="UnrecoverableException">Scylla was restarted and nobody had said so.</exception>
    public static async Task KeptAsync(NodeContext node, IMayRestartScylla task, Func<Task> work, CancellationToken ct)
    {
        if (task.RestartsScylla)
        {
            await work();
            return;
        }

        var before = await FirstAsync(node, ct);
        await work();
        if (before != await NowAsync(node, ct))
        {
            throw new UnrecoverableException(
                $"{node.Node.Name}: {Systemd.Scylla} was restarted although the workflow says restarts_scylla: false; look at the cluster before going on");
        }
    }

    /// <summary>The run of Scylla that this attempt found when it first asked is still the present one.</summary>
    public static async Task<bool> IsTheFirstAsync(NodeContext node, CancellationToken ct) => await FirstAsync(node, ct) == await NowAsync(node, ct);

    // Under a receipt: a resume after the restart gets the answer of before.
    private static async Task<string> FirstAsync(NodeContext node, CancellationToken ct) => (await node.RunAsync(Asks, Patience, ct)).Output.Trim();

    private static async Task<string> NowAsync(NodeContext node, CancellationToken ct) =>
        (await NodeCommands.ReadAfterAsync(node, Asks, Patience, ct)).Output.Trim();
}
