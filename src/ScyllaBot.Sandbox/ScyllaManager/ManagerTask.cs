using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.ScyllaManager;

/// <summary>One run of a task. Its id is what `progress` is asked for.</summary>
internal sealed class ManagerRun(Guid id, DateTimeOffset start)
{
    public Guid Id => id;

    public DateTimeOffset Start => start;

    /// <summary>`RUNNING`, `STOPPING`, `STOPPED`, `DONE` or `ERROR` (facts/scylla.md 6.3).</summary>
    public string Status { get; set; } = "RUNNING";

    public string Cause { get; set; } = "";

    public DateTimeOffset? End { get; set; }

    /// <summary>What it repairs, in order; empty for a task of another type.</summary>
    public ImmutableArray<RepairUnit> Units { get; init; } = [];

    public bool IsActive => Status is "RUNNING" or "STOPPING";
}

/// <summary>A vnode keyspace on one node, or a tablet table of the whole cluster, as one thing that a repair does after another.</summary>
/// <param name="Node">Null: a tablet table.</param>
internal sealed record RepairUnit(string Keyspace, string Table, Clusters.SimNode? Node)
{
    /// <summary>`""`, `success` or `error`.</summary>
    public string Result { get; set; } = "";

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>A task as the Manager keeps it.</summary>
internal sealed class ManagerTask(Guid id, string type)
{
    public Guid Id => id;

    public string Type => type;

    public string Name { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public JsonObject Labels { get; set; } = [];

    public JsonObject Schedule { get; set; } = [];

    public JsonObject Properties { get; set; } = [];

    /// <summary>Oldest first.</summary>
    public List<ManagerRun> Runs { get; } = [];

    public DateTimeOffset? Next { get; set; }

    public bool IsActive => Runs is [.., { IsActive: true }];

    public string Status => Runs is [.., var last] ? last.Status : "NEW";

    public string Cron => (string?)Schedule["cron"] ?? "";

    /// <summary>The interval of a healthcheck or an `@every`; null when it has none.</summary>
    public bool IsOnce => Cron.Length == 0 && string.IsNullOrEmpty((string?)Schedule["interval"]);
}

/// <summary>`keyspace` of a task's properties: globs in order, an entry that begins with an exclamation mark excludes.</summary>
internal static class KeyspaceFilter
{
    public static bool Takes(JsonObject properties, string keyspace, string table)
    {
        var globs = properties["keyspace"] is JsonArray { Count: > 0 } given ? given.Select(g => (string)g!) : ["*", "!system_traces"];
        var taken = false;
        foreach (var glob in globs)
        {
            var exclude = glob.StartsWith('!');
            if (Matches(exclude ? glob[1..] : glob, keyspace, table))
            {
                taken = !exclude;
            }
        }

        return taken;
    }

    private static bool Matches(string glob, string keyspace, string table)
    {
        var parts = glob.Split('.', 2);
        return Like(parts[0], keyspace) && (parts.Length == 1 || Like(parts[1], table));
    }

    /// <summary>One star at the end, as everybody writes them.</summary>
    private static bool Like(string glob, string name) => glob.EndsWith('*')
        ? name.StartsWith(glob[..^1], StringComparison.Ordinal)
        : string.Equals(glob, name, StringComparison.Ordinal);
}
