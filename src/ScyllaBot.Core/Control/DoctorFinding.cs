using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Control;

/// <summary>How something is that the doctor looked at.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoctorLevel>))]
public enum DoctorLevel
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The bot works; somebody should know all the same.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>The bot does not start, or something that it is there for fails.</summary>
    [JsonStringEnumMemberName("broken")]
    Broken,

    /// <summary>It could not be looked at, because of something else that is broken.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Check">Which check says it, such as <c>discord-channels</c>.</param>
/// <param name="Level">How it is.</param>
/// <param name="Seen">What was seen; names no node, so that equal findings of many nodes can be told together.</param>
public sealed record DoctorFinding(string Check, DoctorLevel Level, string Seen)
{
    /// <summary>Null: it is about the bot itself.</summary>
    public string? Cluster { get; init; }

    /// <summary>Null: it is about the whole cluster, or the bot.</summary>
    public string? Node { get; init; }

    /// <summary>What to do; null when there is nothing to do.</summary>
    public string? Remedy { get; init; }

    public static DoctorFinding Ok(string check, string seen) => new(check, DoctorLevel.Ok, seen);

    public static DoctorFinding Warning(string check, string seen, string remedy) => new(check, DoctorLevel.Warning, seen) { Remedy = remedy };

    public static DoctorFinding Broken(string check, string seen, string remedy) => new(check, DoctorLevel.Broken, seen) { Remedy = remedy };

    public static DoctorFinding Skipped(string check, string seen) => new(check, DoctorLevel.Skipped, seen) { Remedy = "mend what it waits for, and ask again" };
}
