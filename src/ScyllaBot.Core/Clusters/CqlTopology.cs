using System.Text.Json;

namespace ScyllaBot.Core.Clusters;

/// <summary>What the topology is doing, as group0's own tables say (facts 2.1, 3.3 step 2).</summary>
/// <param name="Moving">Why replicas are not where they will stay, apart from tablets, which say it one by one; null = nothing moves.</param>
internal sealed record CqlTopology(string? Moving, TabletBalancing Balancing)
{
    /// <param name="nodes">Rows of <c>system.topology</c>; none on versions whose gossip alone knows.</param>
    /// <param name="requests">Rows of <c>system.topology_requests</c>.</param>
    public static CqlTopology Of(ImmutableArray<JsonElement> nodes, ImmutableArray<JsonElement> requests)
    {
        var state = nodes.Select(n => Text(n, "transition_state")).FirstOrDefault(s => s.Length > 0);
        var restless = nodes.FirstOrDefault(n => Text(n, "node_state") is not ("" or "normal" or "left" or "none"));
        var open = requests.FirstOrDefault(r => r.GetProperty("done").ValueKind == JsonValueKind.False);
        var moving = restless.ValueKind == JsonValueKind.Object ? $"{Text(restless, "host_id")} is {Text(restless, "node_state")}"
            : state is not null && !MovesTablets(state) ? $"its state is '{state}'"
            : open.ValueKind == JsonValueKind.Object ? $"a request '{Text(open, "request_type")}' is not done ({Text(open, "id")})" : null;
        var switches = nodes.Select(n => n.GetProperty("tablet_balancing_enabled").ValueKind).ToArray();
        var balancing = switches.Contains(JsonValueKind.True) ? TabletBalancing.On
            : switches.Contains(JsonValueKind.False) && state is null ? TabletBalancing.OffAndQuiet : TabletBalancing.Unknown;
        return new CqlTopology(moving, balancing);
    }

    /// <summary>Each tablet in motion names its pending replicas itself, and they are counted.</summary>
    private static bool MovesTablets(string state) => state is "tablet migration" or "tablet resize finalization" or "tablet split finalization";

    private static string Text(JsonElement row, string column) =>
        row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
