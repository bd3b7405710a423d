using System.Text.Json;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Clients;

/// <summary>Which nodes still hold data that is not theirs any more: <c>cleanup_status</c> of <c>system.topology</c> (facts 1.13, 2.1).</summary>
internal static class CleanupStates
{
    /// <returns>Host id → clean, needed or running; null when CQL can not be used there, or this version keeps no such state.</returns>
    public static async Task<ImmutableSortedDictionary<Guid, string>?> ReadAsync(ClusterContext context, Node node, CancellationToken ct)
    {
        var answer = await Cqlsh.SelectAsync(context.Commands, node, context.Cluster.Cql, "host_id, cleanup_status", "system.topology", ct);
        return answer is CqlAnswer.Rows { All: { Length: > 0 } rows } && rows.All(IsWhole)
            ? rows.ToImmutableSortedDictionary(row => row.GetProperty("host_id").GetGuid(), row => row.GetProperty("cleanup_status").GetString()!)
            : null;
    }

    private static bool IsWhole(JsonElement row) =>
        row.TryGetProperty("host_id", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out _)
        && row.TryGetProperty("cleanup_status", out var status) && status.ValueKind == JsonValueKind.String;
}
