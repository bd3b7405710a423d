using System.Text.Json;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>What only CQL tells: replication options, tables, tablets, raft's voters, what the topology is doing (facts 1.8, 2.1).</summary>
internal sealed record CqlFacts
{
    public required ImmutableSortedDictionary<string, Replication> Replication { get; init; }

    /// <summary>Keyspace → its tables and views.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<string>> Tables { get; init; }

    /// <summary>(keyspace, table) → its tablets; empty where the version has none.</summary>
    public required CqlTablets Tablets { get; init; }

    /// <summary>Empty = they can not be told.</summary>
    public required ImmutableSortedSet<Guid> Voters { get; init; }

    public required CqlTopology Topology { get; init; }

    /// <returns>The facts, or why cqlsh cannot be used on the node: the proof is degraded then (R25).</returns>
    public static async Task<(CqlFacts? Facts, string? WhyNot)> ReadAsync(ICommandChannel commands, Node node, CqlAccess access, CancellationToken ct)
    {
        var reader = new Reader(commands, node, access);
        try
        {
            return (await ReadAsync(reader, ct), null);
        }
        catch (UnusableException unusable)
        {
            return (null, unusable.Message);
        }
        catch (Exception malformed) when (malformed is KeyNotFoundException or IndexOutOfRangeException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new UnrecoverableException($"{node.Name}: a system table does not look as it should: {malformed.Message}", malformed);
        }
    }

    private static async Task<CqlFacts> ReadAsync(Reader reader, CancellationToken ct)
    {
        var keyspaces = await reader.MustAsync("keyspace_name, replication", "system_schema.keyspaces", ct);
        var tables = await reader.MustAsync("keyspace_name, table_name", "system_schema.tables", ct);
        var views = await reader.MayAsync("keyspace_name, view_name", "system_schema.views", ct);
        var tablets = await reader.MayAsync("keyspace_name, table_name, last_token, replicas, new_replicas, stage", "system.tablets", ct);
        var topology = await reader.MayAsync("host_id, node_state, cleanup_status, transition_state, tablet_balancing_enabled", "system.topology", ct);
        var requests = await reader.MayAsync("id, request_type, done", "system.topology_requests", ct);
        var raft = await reader.MustAsync("group_id, disposition, server_id, can_vote", "system.raft_state", ct);
        return new CqlFacts
        {
            Replication = keyspaces.ToImmutableSortedDictionary(k => Text(k, "keyspace_name"), ReplicationOf, StringComparer.Ordinal),
            Tables = tables.Select(t => (Keyspace: Text(t, "keyspace_name"), Table: Text(t, "table_name")))
                .Concat(views.Select(v => (Keyspace: Text(v, "keyspace_name"), Table: Text(v, "view_name"))))
                .GroupBy(t => t.Keyspace, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => g.Select(t => t.Table).Order(StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal),
            Tablets = CqlTablets.Of(tablets),
            Topology = CqlTopology.Of(topology, requests),
            Voters = await VotersAsync(reader, raft, ct),
        };
    }

    /// <summary>Only the current configuration of group0: former voters and other groups' members count for nothing (facts 2.1).</summary>
    private static async Task<ImmutableSortedSet<Guid>> VotersAsync(Reader reader, ImmutableArray<JsonElement> raft, CancellationToken ct)
    {
        var current = raft.Where(r => Text(r, "disposition") == "CURRENT").ToArray();
        var groups = current.Select(r => r.GetProperty("group_id").GetGuid()).Distinct().ToArray();
        if (groups.Length > 1)
        {
            var local = await reader.MayAsync("key, value", "system.scylla_local", ct);
            var id = local.Where(l => Text(l, "key") == "raft_group0_id").Select(l => l.GetProperty("value").GetString()).FirstOrDefault();
            current = Guid.TryParse(id, out var group0) ? [.. current.Where(r => r.GetProperty("group_id").GetGuid() == group0)] : [];
        }

        return [.. current.Where(r => r.GetProperty("can_vote").GetBoolean()).Select(r => r.GetProperty("server_id").GetGuid())];
    }

    private static Replication ReplicationOf(JsonElement row) => Clusters.Replication.Parse(
        row.GetProperty("replication").EnumerateObject().ToDictionary(o => o.Name, o => o.Value.GetString() ?? "", StringComparer.Ordinal));

    private static string Text(JsonElement row, string column) => row.GetProperty(column).GetString() ?? "";

    private sealed class Reader(ICommandChannel commands, Node node, CqlAccess access)
    {
        /// <summary>Every version has it.</summary>
        public async Task<ImmutableArray<JsonElement>> MustAsync(string columns, string table, CancellationToken ct) =>
            await Cqlsh.SelectAsync(commands, node, access, columns, table, ct) switch
            {
                CqlAnswer.Rows rows => rows.All,
                CqlAnswer.NotThere missing => throw new UnusableException(missing.Why),
                CqlAnswer.Unusable unusable => throw new UnusableException(unusable.Why),
                _ => throw new InvalidOperationException("an answer of no known kind"),
            };

        /// <summary>Empty where the version has no such table.</summary>
        public async Task<ImmutableArray<JsonElement>> MayAsync(string columns, string table, CancellationToken ct) =>
            await Cqlsh.SelectAsync(commands, node, access, columns, table, ct) switch
            {
                CqlAnswer.Rows rows => rows.All,
                CqlAnswer.NotThere => [],
                CqlAnswer.Unusable unusable => throw new UnusableException(unusable.Why),
                _ => throw new InvalidOperationException("an answer of no known kind"),
            };
    }

    private sealed class UnusableException(string message) : Exception(message);
}
