using System.Collections.Immutable;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The services that every simulated cluster has, and the mirror of one that is fed from another.</summary>
internal static class SimNeighbours
{
    public static ImmutableArray<ISimNeighbour> Of(SimCluster cluster, string? source) =>
    [
        new SimScyllaManager(cluster),
        new SimPrometheus(cluster),
        new SimAlertmanager(cluster),
        new SimSalt(cluster),
        .. source is null ? Array.Empty<ISimNeighbour>() : [new SimMirror(cluster, source)],
    ];
}
