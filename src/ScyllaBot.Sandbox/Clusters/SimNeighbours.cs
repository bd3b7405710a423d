using System.Collections.Immutable;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The services that every simulated cluster has.</summary>
internal static class SimNeighbours
{
    public static ImmutableArray<ISimNeighbour> Of(SimCluster cluster) =>
    [
        new SimScyllaManager(cluster),
        new SimPrometheus(cluster),
        new SimAlertmanager(cluster),
        new SimSalt(cluster),
    ];
}
