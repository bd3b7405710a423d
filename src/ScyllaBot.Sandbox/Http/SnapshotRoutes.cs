using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Snapshots (facts/scylla.md 1.17). A DELETE without a tag takes all of them away, as the real one does.</summary>
internal static class SnapshotRoutes
{
    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/storage_service/snapshots", StartPhase.TablesLoaded, List),
        Get("/storage_service/snapshots/size/true", StartPhase.TablesLoaded, call => RestAnswer.Json(
            call.Node.Store.Snapshots.Values.SelectMany(tables => tables).Sum(t => call.Node.Store.BytesOf(t.Keyspace, t.Table)))),
        Post("/storage_service/snapshots", StartPhase.TablesLoaded, Take),
        Delete("/storage_service/snapshots", StartPhase.TablesLoaded, Clear),
    ];

    private static RestAnswer List(NodeCall call) => RestAnswer.Json(call.Node.Store.Snapshots.Select(snapshot => new Pair(
        snapshot.Key,
        snapshot.Value.Select(t => new
        {
            ks = t.Keyspace,
            cf = t.Table,
            total = call.Node.Store.BytesOf(t.Keyspace, t.Table),
            live = call.Node.Store.BytesOf(t.Keyspace, t.Table),
        }))));

    private static RestAnswer Take(NodeCall call)
    {
        if (call.Ask("tag") is not { } tag)
        {
            return RestAnswer.RuntimeError("You must supply a snapshot name.");
        }

        var names = call.Ask("kn")?.Split(',') ?? [];
        var tables = call.Ask("cf")?.Split(',') ?? [];
        if (tables.Length > 0 && names.Length != 1)
        {
            return RestAnswer.Error(400, "Only one keyspace allowed when specifying a column family");
        }

        var wanted = new List<(string, string)>();
        foreach (var name in names.Length > 0 ? names : [.. call.Cluster.Keyspaces.Select(ks => ks.Name)])
        {
            if (call.Cluster.Keyspace(name) is not { } keyspace)
            {
                return RestAnswer.Error(400, $"Can't find a keyspace {name}");
            }

            if (tables.FirstOrDefault(t => keyspace.Tables.All(table => table.Name != t)) is { } unknown)
            {
                return RestAnswer.Error(400, $"Can't find a column family {unknown} in keyspace {name}");
            }

            wanted.AddRange(keyspace.Tables.Where(table => tables.Length == 0 || tables.Contains(table.Name, StringComparer.Ordinal)).Select(table => (name, table.Name)));
        }

        if (call.Node.Store.TakeSnapshot(tag, wanted) is { } exists)
        {
            return RestAnswer.RuntimeError(exists);
        }

        call.Cluster.Record(call.Node, "snapshot", call.Cause);
        return RestAnswer.Void;
    }

    private static RestAnswer Clear(NodeCall call)
    {
        if (call.Node.Store.ClearSnapshots(call.Ask("tag"), call.Ask("kn")?.Split(',') ?? [], call.Ask("cf")) > 0)
        {
            call.Cluster.Record(call.Node, "snapshot-clear", call.Cause);
        }

        return RestAnswer.Void;
    }
}
