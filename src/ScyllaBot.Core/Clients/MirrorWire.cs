using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Clients;

/// <summary>What of a mirror is at work.</summary>
[JsonConverter(typeof(SnakeCaseEnum))]
public enum MirrorState
{
    Off,
    On,
}

/// <summary>How a copy stands.</summary>
[JsonConverter(typeof(SnakeCaseEnum))]
public enum CopyState
{
    Running,
    Done,
    Failed,
}

/// <param name="Source">Cluster whose data it is.</param>
/// <param name="Percent">Share of writes, by partition.</param>
public sealed record MirrorOrder(string Source, ImmutableArray<string> Keyspaces, int Percent);

/// <param name="SamplePercent">Share of reads.</param>
public sealed record CompareOrder(string Source, ImmutableArray<string> Keyspaces, [property: JsonPropertyName("sample_percent")] double SamplePercent);

public sealed record CopyOrder(string Source, ImmutableArray<string> Keyspaces);

/// <param name="Failed">Mirrored writes that the shadow did not take since they were switched on.</param>
/// <param name="LagSeconds">How far the shadow is behind, at most.</param>
public sealed record MirroredWrites(
    MirrorState State, int Percent, ImmutableArray<string> Keyspaces, DateTimeOffset? Since, long Written, long Failed,
    [property: JsonPropertyName("lag_seconds")] double LagSeconds);

public sealed record ComparedReads(MirrorState State, [property: JsonPropertyName("sample_percent")] double SamplePercent, DateTimeOffset? Since);

/// <param name="Source">Null: nothing was ever switched on.</param>
/// <param name="MeasuredAt">When these numbers were taken, by the data service's clock.</param>
/// <param name="Copy">The newest copy; null: there was none.</param>
public sealed record MirrorStatus(
    string? Source, string Shadow, [property: JsonPropertyName("measured_at")] DateTimeOffset MeasuredAt, MirroredWrites Writes, ComparedReads Reads,
    CopyJob? Copy)
{
    internal static string? WhyOdd(MirrorStatus status) => status.Writes is null || status.Reads is null ? "a mirror without writes and reads"
        : status.Shadow is null || status.Writes.Keyspaces.IsDefault ? "a mirror without a shadow or keyspaces"
        : !double.IsFinite(status.Writes.LagSeconds) || status.Writes.Failed < 0 || status.Writes.Written < 0 ? "writes that are no numbers"
        : status.Copy is { } copy ? CopyJob.WhyOdd(copy) : null;
}

/// <param name="WindowSeconds">The span that was counted: what was asked for.</param>
/// <param name="Errors">Reads that the shadow did not answer.</param>
/// <param name="SourceP99">Milliseconds; null when nothing was read.</param>
public sealed record ReadComparison(
    MirrorState State, DateTimeOffset? Since, [property: JsonPropertyName("measured_at")] DateTimeOffset MeasuredAt,
    [property: JsonPropertyName("window_seconds")] double WindowSeconds, long Matched, long Mismatched, long Errors,
    [property: JsonPropertyName("source_p99_ms")] double? SourceP99, [property: JsonPropertyName("shadow_p99_ms")] double? ShadowP99)
{
    /// <summary>Reads that were tried.</summary>
    [JsonIgnore]
    public long Sample => Matched + Mismatched + Errors;

    internal static string? WhyOdd(ReadComparison read) =>
        read.Matched < 0 || read.Mismatched < 0 || read.Errors < 0 || !double.IsFinite(read.WindowSeconds) ? "counts that are no numbers" : null;
}

/// <param name="Rows">Copied so far.</param>
/// <param name="Total">To be copied, as far as it knows.</param>
/// <param name="Error">Why it failed.</param>
public sealed record CopyJob(string Id, string Source, CopyState State, long Rows, long Total, string? Error)
{
    internal static string? WhyOdd(CopyJob copy) => copy.Id is null || copy.Source is null ? "a copy without id or source"
        : copy.Rows < 0 || copy.Total < copy.Rows ? $"a copy of {copy.Rows} of {copy.Total} rows" : null;
}

/// <summary>Names as the data service writes them; numbers are none.</summary>
internal sealed class SnakeCaseEnum() : JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
