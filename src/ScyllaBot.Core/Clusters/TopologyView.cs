using System.Text.Json;
using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>A node as group0's table has it (facts 2.1).</summary>
/// <param name="State"><c>normal</c>, <c>bootstrapping</c>, <c>decommissioning</c> …</param>
/// <param name="Cleanup"><c>clean</c>, <c>needed</c> or <c>running</c>.</param>
internal sealed record TopologyMember(Guid HostId, string State, string Cleanup);

/// <summary>A node's disks as the balancer has them; both in bytes.</summary>
internal sealed record NodeDisk(Guid HostId, double Load, double Capacity);

/// <summary>What only CQL tells of membership and its changes. Null members: this version, or this node, does not tell.</summary>
internal sealed record TopologyView(ImmutableArray<TopologyMember> Members, string? Transition, bool? Balancing, ImmutableArray<string> OpenRequests)
{
    /// <returns>Null where cqlsh can not be used or the version has no such table.</returns>
    public static async Task<TopologyView?> ReadAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        if (await RowsAsync(context, witness, "host_id, node_state, cleanup_status, transition_state, tablet_balancing_enabled", "system.topology", ct) is not { } nodes)
        {
            return null;
        }

        var requests = await RowsAsync(context, witness, "id, request_type, done", "system.topology_requests", ct) ?? [];
        return new TopologyView(
            [.. nodes.Select(n => new TopologyMember(n.GetProperty("host_id").GetGuid(), Text(n, "node_state"), Text(n, "cleanup_status")))],
            nodes.Select(n => Text(n, "transition_state")).FirstOrDefault(s => s.Length > 0),
            nodes.Select(n => n.GetProperty("tablet_balancing_enabled").ValueKind).FirstOrDefault() switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            },
            [.. requests.Where(r => r.GetProperty("done").ValueKind == JsonValueKind.False).Select(r => Text(r, "request_type"))]);
    }

    /// <returns>Null where the version has no such table (before 2025.2), the columns are missing, or cqlsh can not be used.</returns>
    public static async Task<ImmutableArray<NodeDisk>?> DisksAsync(ClusterContext context, Node witness, CancellationToken ct) =>
        (await RowsAsync(context, witness, "node, storage_load, storage_capacity", "system.load_per_node", ct))?
            .Select(r => new NodeDisk(r.GetProperty("node").GetGuid(), r.GetProperty("storage_load").GetDouble(), r.GetProperty("storage_capacity").GetDouble()))
            .ToImmutableArray();

    private static async Task<ImmutableArray<JsonElement>?> RowsAsync(ClusterContext context, Node witness, string columns, string table, CancellationToken ct)
    {
        var answer = await Cqlsh.SelectAsync(context.Commands, witness, context.Cluster.Cql, columns, table, ct);
        return answer is CqlAnswer.Rows rows ? rows.All : null;
    }

    private static string Text(JsonElement row, string column) =>
        row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
