using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Clients;

/// <summary>A cluster as a Scylla Manager knows it.</summary>
public sealed record ManagedCluster(Guid Id, string Name);

/// <summary>When a task runs (facts 6.3).</summary>
/// <param name="Cron">Its spec, without the JSON around it; empty for none.</param>
/// <param name="Interval">The older form, such as <c>7d</c>; empty for none.</param>
public sealed record ManagedSchedule(string Cron, string Interval)
{
    private const string Every = "@every ";

    /// <summary>As the article prints it: <c>every 1h</c>, the cron text, or <c>once</c>.</summary>
    public override string ToString() =>
        Interval.Length > 0 ? $"every {Interval}"
        : Cron.StartsWith(Every, StringComparison.Ordinal) ? $"every {Cron[Every.Length..]}"
        : Cron.Length > 0 ? Cron
        : "once";

    /// <summary>Cron is a text, or a JSON object in a text.</summary>
    internal static string CronOf(string? cron)
    {
        if (cron is null || !cron.StartsWith('{'))
        {
            return cron ?? "";
        }

        try
        {
            using var spec = JsonDocument.Parse(cron);
            return spec.RootElement.TryGetProperty("spec", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        }
        catch (JsonException)
        {
            return cron;
        }
    }
}

/// <summary>A task of a Scylla Manager, with how it stands (facts 6.3).</summary>
/// <param name="Type">Such as <c>repair</c>, <c>backup</c>, <c>healthcheck</c>.</param>
/// <param name="Status">NEW, RUNNING, STOPPING, STOPPED, WAITING, DONE, ERROR or ABORTED.</param>
/// <param name="Keyspaces">Globs in order; one with an exclamation mark excludes. Empty: the Manager's default.</param>
public sealed record ManagedTask(
    Guid Id, string Type, string Name, bool Enabled, string Status, ManagedSchedule Schedule, ImmutableArray<string> Keyspaces,
    ImmutableSortedDictionary<string, string> Labels)
{
    public bool IsActive => Status is "RUNNING" or "STOPPING";

    /// <summary>What people call it: <c>type/name</c>, or <c>type/id</c>.</summary>
    public override string ToString() => $"{Type}/{(Name.Length > 0 ? Name : Id)}";
}

/// <summary>One run of a task.</summary>
public sealed record ManagedRun(Guid Id, string Status, string Cause, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public bool IsActive => Status is "RUNNING" or "STOPPING" or "NEW";
}

/// <summary>How far a repair has come, in percent of its token ranges.</summary>
public sealed record ManagedProgress(ManagedRun Run, int Success, int Error);

/// <summary>A repair to be created. It runs once, at once.</summary>
/// <param name="Name">Found again by it after a lost answer.</param>
/// <param name="Keyspaces">Globs; empty: the Manager's default.</param>
/// <param name="Intensity">0 = the most it dares.</param>
/// <param name="Parallel">0 = as many as possible.</param>
public sealed record RepairOrder(string Name, ImmutableArray<string> Keyspaces, double Intensity, int Parallel);

/// <summary>The wire's own shapes.</summary>
internal static class ManagerWire
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal sealed record Failure(string? Message, string? Details, string? TraceId);

    internal sealed record Version([property: JsonPropertyName("version")] string Text);

    internal sealed record Cluster(Guid Id, string? Name);

    internal sealed record Schedule(string? Cron, string? Interval, int? NumRetries);

    internal sealed record Properties(ImmutableArray<string>? Keyspace, double? Intensity, int? Parallel, bool? AllowEmpty);

    internal sealed record Task(
        Guid Id, string Type, string? Name, bool Enabled, string? Status, Schedule? Schedule, JsonElement? Properties, Dictionary<string, string>? Labels)
    {
        public ManagedTask ToTask() => new(
            Id, Type, Name ?? "", Enabled, Status ?? "NEW", new ManagedSchedule(ManagedSchedule.CronOf(Schedule?.Cron), Schedule?.Interval ?? ""), KeyspacesOf(Properties),
            (Labels ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal));

        private static ImmutableArray<string> KeyspacesOf(JsonElement? properties) =>
            properties is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("keyspace", out var globs) && globs.ValueKind == JsonValueKind.Array
                ? [.. globs.EnumerateArray().Select(g => g.ToString())]
                : [];
    }

    internal sealed record TaskUpdate(
        string Type, string Name, bool Enabled, Dictionary<string, string> Labels, Schedule Schedule, Properties Properties);

    internal sealed record Run(Guid Id, string Status, string? Cause, DateTimeOffset? StartTime, DateTimeOffset? EndTime)
    {
        public ManagedRun ToRun() => new(Id, Status, Cause ?? "", StartTime, EndTime is { } end && end > DateTimeOffset.UnixEpoch ? end : null);
    }

    internal sealed record Percentages(double? SuccessPercentage, double? ErrorPercentage, ImmutableArray<TabletTable>? Tables);

    internal sealed record TabletTable(JsonElement Error, DateTimeOffset? CompletedAt)
    {
        /// <summary>A sentence for a tablet table; a repair's table has a count there, and percentages of the whole besides.</summary>
        public bool HasFailed => Error is { ValueKind: JsonValueKind.String } && Error.GetString()!.Length > 0;
    }

    internal sealed record Progress(Run Run, [property: JsonPropertyName("progress")] Percentages? Done);

    internal sealed record Suspension(bool Suspended, string? AllowTaskType);
}
