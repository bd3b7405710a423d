using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Jobs;

/// <summary>A one-off task runs under this job's lease and in its journal (R18).</summary>
/// <param name="Number">From 1 within the job; its place is <c>u1</c>.</param>
/// <param name="RequestId">The same request is taken once.</param>
/// <param name="Text">As a workflow of one step.</param>
/// <param name="Node">Null for a cluster task.</param>
public sealed record UnderAsked(
    DateTimeOffset At, int Number, string RequestId, Person By, string Task, string Text, string? Node, string Reason) : JobEvent(At)
{
    /// <summary>Key of an approval of its own that must be granted before it begins (R5); null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gate { get; init; }
}

/// <summary>Written before its side effect.</summary>
public sealed record UnderStarted(DateTimeOffset At, int Number) : JobEvent(At);

/// <param name="Why">What it failed with; null = it succeeded.</param>
public sealed record UnderEnded(DateTimeOffset At, int Number, string? Why) : JobEvent(At);

/// <summary>A one-off task under this job and how it stands.</summary>
public sealed record UnderState(UnderAsked Asked, DateTimeOffset? Started, UnderEnded? End)
{
    public bool IsOpen => End is null;

    /// <summary>It is at work, or nothing keeps it from that.</summary>
    public bool IsAtWork => IsOpen && (Started is not null || Asked.Gate is null);

    public StepKey Key => new($"u{Asked.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)}", Asked.Node);
}
