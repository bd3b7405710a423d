using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>A join that can not succeed any more: whoever waits for it is told at once (R8), and a retry of it is refused (R5).</summary>
internal static class JoinFailure
{
    /// <returns>Null as long as it may still become a member.</returns>
    public static string? WhyNever(ClusterSnapshot snapshot, IReadOnlySet<string> mayBeOut, Node node)
    {
        var own = snapshot.Of(node);

        // It was in the ring and is not any more, although nobody of ours took it out.
        return own.Node.IsInRing && own.Mode is null && mayBeOut.Contains(node.Name) && snapshot.OutOfRing(mayBeOut).Contains(node.Name)
            ? $"the join of {node.Name} failed: no member knows {own.Node.HostId} any more, and that host id is banned, so no retry ever joins (facts 7.17). Skip it or abort, then wipe and rejoin it (rejoin_nodes)"
            : null;
    }

    /// <summary>The same, and whether a machine that has never been seen has given up before the ring took it.</summary>
    /// <exception cref="UnrecoverableException">It has.</exception>
    public static async Task ThrowIfOverAsync(NodeContext context, ClusterSnapshot snapshot, CancellationToken ct)
    {
        if (!context.MayBeOut.Contains(context.Node.Name) || snapshot.Of(context.Node) is not { Mode: null } own)
        {
            return;
        }

        if (WhyNever(snapshot, context.MayBeOut, context.Node) is { } why)
        {
            throw new UnrecoverableException(why);
        }

        if (!own.Node.IsInRing && await Systemd.StateAsync(context, Systemd.Scylla, ct) == "failed")
        {
            throw new UnrecoverableException(
                $"scylla-server of {context.Node.Name} has failed before any member knew it: its journal says why. Bring node up settles it, and Retry begins its join anew; if it asked to join and was refused, wipe and rejoin it (rejoin_nodes)");
        }
    }
}
