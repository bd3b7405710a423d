using System.Globalization;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>What a simulated world is like, without anything that depends on when it happened.</summary>
internal static class WorldFacts
{
    public static string Of(SandboxWorld world) => world.Agenda.Run(() => string.Join('\n', world.Clusters.SelectMany(Of)));

    private static IEnumerable<string> Of(SimCluster cluster) =>
    [
        .. cluster.Nodes.Select(n => string.Create(
            CultureInfo.InvariantCulture, $"{n.Id.Name}: {n.Process} {n.Mode} gossip {n.Gossiping} cql {n.Cql} unit {n.Unit.ActiveState}/{n.Unit.Result}, {n.Cleanup}, {n.Store.Snapshots.Count} snapshots")),
        $"{cluster.Name}: balancing {cluster.Balancing}, manager suspended {cluster.Services.OfType<SimScyllaManager>().Single().Tasks.Suspended}",
    ];
}
