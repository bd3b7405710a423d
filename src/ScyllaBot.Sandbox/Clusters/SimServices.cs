using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The services that every simulated cluster has.</summary>
internal static class SimServices
{
    public static ImmutableArray<ISimService> Of(SimCluster cluster) =>
    [
        new SimPrometheus(cluster),
        new SimAlertmanager(cluster),
        new SimSalt(cluster),
    ];
}
