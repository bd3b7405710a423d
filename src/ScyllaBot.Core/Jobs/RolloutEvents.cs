namespace ScyllaBot.Core.Jobs;

/// <summary>Whom a node workflow goes over that does not go over the job's targets: asked when it begins, and kept, so that a resume takes the same ones.</summary>
/// <param name="Path">Of the node workflow.</param>
public sealed record NodesChosen(DateTimeOffset At, string Path, ImmutableArray<TargetNode> Nodes) : JobEvent(At);

/// <summary>Nothing is to be done at this node (<c>skip_when</c> of a node workflow): it did not fail, and other node workflows do not pass it over.</summary>
/// <param name="Path">Of the node workflow.</param>
public sealed record NodePassedOver(DateTimeOffset At, string Path, string Node, string Why) : JobEvent(At);

/// <summary>Nothing is to be done in this step (<c>skip_when</c> of a step): it is skipped without having failed.</summary>
public sealed record StepPassedOver(DateTimeOffset At, StepKey Key, string Why) : JobEvent(At);
