using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.ScyllaManager;

/// <summary>The Manager's JSON, by its Swagger. What is null is left out, as Go's `omitempty` does.</summary>
internal static class ManagerAnswers
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ServiceAnswer Ok(JsonNode? body) => new(200, body?.ToJsonString(_json) ?? "");

    public static ServiceAnswer Created(string location) => new(201, "")
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = location },
    };

    public static ServiceAnswer Error(int status, string message, string trace) => new(
        status, new JsonObject { ["message"] = message, ["details"] = "", ["trace_id"] = trace }.ToJsonString(_json));

    public static JsonObject ListItem(Guid cluster, ManagerTask task, bool suspended) => new()
    {
        ["cluster_id"] = cluster.ToString(), ["type"] = task.Type, ["id"] = task.Id.ToString(), ["name"] = task.Name,
        ["labels"] = task.Labels.DeepClone(), ["enabled"] = task.Enabled, ["schedule"] = task.Schedule.DeepClone(),
        ["properties"] = task.Properties.DeepClone(), ["status"] = task.Status,
        ["success_count"] = task.Runs.Count(run => run.Status is "DONE"), ["error_count"] = task.Runs.Count(run => run.Status is "ERROR"),
        ["last_success"] = Time(task.Runs.LastOrDefault(run => run.Status is "DONE")?.End),
        ["last_error"] = Time(task.Runs.LastOrDefault(run => run.Status is "ERROR")?.End),
        ["suspended"] = suspended && task.Type is not ("healthcheck" or "suspend"), ["next_activation"] = Time(task.Next), ["retry"] = 0,
    };

    public static JsonObject Task(Guid cluster, ManagerTask task) => new()
    {
        ["cluster_id"] = cluster.ToString(), ["type"] = task.Type, ["id"] = task.Id.ToString(), ["name"] = task.Name,
        ["labels"] = task.Labels.DeepClone(), ["enabled"] = task.Enabled, ["schedule"] = task.Schedule.DeepClone(),
        ["properties"] = task.Properties.DeepClone(),
    };

    public static JsonObject Run(Guid cluster, ManagerTask task, ManagerRun run)
    {
        var json = new JsonObject
        {
            ["cluster_id"] = cluster.ToString(), ["type"] = task.Type, ["task_id"] = task.Id.ToString(), ["id"] = run.Id.ToString(),
            ["status"] = run.Status, ["cause"] = run.Cause, ["start_time"] = Time(run.Start),
        };
        if (run.End is { } end)
        {
            json["end_time"] = Time(end);
        }

        return json;
    }

    public static JsonObject Progress(SimCluster cluster, ManagerTask task, ManagerRun run) => task.Type is "tablet_repair"
        ? new JsonObject { ["tables"] = new JsonArray([.. run.Units.Select(TabletTable)]) }
        : new JsonObject
        {
            ["success_percentage"] = Percentage(run, "success"), ["error_percentage"] = Percentage(run, "error"),
            ["token_ranges"] = run.Units.Length, ["success"] = Count(run, "success"), ["error"] = Count(run, "error"),
            ["started_at"] = Time(run.Start), ["completed_at"] = Time(run.End),
            ["duration_ms"] = (long)((run.End ?? cluster.Agenda.Now) - run.Start).TotalMilliseconds,
            ["dcs"] = new JsonArray([.. cluster.Nodes.Select(node => node.Id.Dc).Distinct(StringComparer.Ordinal).Select(dc => (JsonNode)dc)]),
            ["host"] = "", ["intensity"] = 1, ["max_intensity"] = 2, ["parallel"] = 1, ["max_parallel"] = 1,
            ["hosts"] = new JsonArray(), ["tables"] = new JsonArray([.. run.Units.GroupBy(unit => (unit.Keyspace, unit.Table)).Select(Table)]),
        };

    private static JsonObject Table(IGrouping<(string Keyspace, string Table), RepairUnit> units) => new()
    {
        ["keyspace"] = units.Key.Keyspace, ["table"] = units.Key.Table, ["token_ranges"] = units.Count(),
        ["success"] = units.Count(unit => unit.Result is "success"), ["error"] = units.Count(unit => unit.Result is "error"),
        ["started_at"] = Time(units.Min(unit => unit.StartedAt)),
        ["completed_at"] = Time(units.All(unit => unit.EndedAt is not null) ? units.Max(unit => unit.EndedAt) : null),
        ["duration_ms"] = (long)units.Sum(unit => unit is { StartedAt: { } start, EndedAt: { } end } ? (end - start).TotalMilliseconds : 0),
    };

    private static JsonNode TabletTable(RepairUnit unit) => new JsonObject
    {
        ["keyspace"] = unit.Keyspace, ["table"] = unit.Table, ["started_at"] = Time(unit.StartedAt), ["completed_at"] = Time(unit.EndedAt),
        ["error"] = unit.Result is "error" ? "repair failed" : "",
    };

    public static JsonNode Status(SimCluster cluster) => new JsonArray([.. cluster.Nodes.Select(node => (JsonNode)new JsonObject
    {
        ["dc"] = node.Id.Dc, ["host_id"] = node.Id.HostId.ToString(), ["host"] = node.Id.Address, ["status"] = node.Serves ? "UN" : "DN",
        ["ssl"] = false, ["cql_status"] = node.Cql ? "UP" : "DOWN", ["cql_rtt_ms"] = node.Cql ? 0.7 : 0,
        ["rest_status"] = node.Phase >= StartPhase.Joining ? "UP" : "DOWN", ["rest_rtt_ms"] = 1.2, ["total_ram"] = 68_719_476_736L,
        ["uptime"] = (long)(cluster.Agenda.Now - node.ProcessStart).TotalSeconds, ["cpu_count"] = 8,
        ["scylla_version"] = Http.StateRoutes.Version, ["agent_version"] = SimScyllaManager.Version,
    })]);

    private static int Count(ManagerRun run, string result) => run.Units.Count(unit => unit.Result == result);

    private static int Percentage(ManagerRun run, string result) => run.Units.Length == 0 ? 0 : 100 * Count(run, result) / run.Units.Length;

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
