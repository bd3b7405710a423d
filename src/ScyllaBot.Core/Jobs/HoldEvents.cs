namespace ScyllaBot.Core.Jobs;

/// <summary>A guard turned false (R6): no further node is taken down; held nodes finish. Again while it holds: another node, or the same one once more.</summary>
/// <param name="Node">Who stands out; null when it is nobody of the inventory.</param>
public sealed record JobHeld(DateTimeOffset At, string? Node, string Why) : JobEvent(At);

/// <summary>It has held for long: somebody is called (R6).</summary>
public sealed record HoldPinged(DateTimeOffset At) : JobEvent(At);

/// <summary>The guards have held without a break for as long as they must: it goes on by itself (R6).</summary>
public sealed record HoldLifted(DateTimeOffset At) : JobEvent(At);

/// <summary>Everyone's view at a moment that matters, for people.</summary>
/// <param name="Text">Of fixed width; bounded.</param>
public sealed record ViewSeen(DateTimeOffset At, string Text) : JobEvent(At);

/// <summary>Nodes that were well while this job left them alone: what a later look is compared with, also after a restart of the bot.</summary>
/// <param name="Generations">Node → gossip generation of its process.</param>
public sealed record NodesSeenWell(DateTimeOffset At, ImmutableSortedDictionary<string, string> Generations) : JobEvent(At);

/// <summary>A number as it was right before the node was first held: what conditions of its later steps compare with.</summary>
/// <param name="Key">The condition's <see cref="Tasks.IBaselined{TContext}.BaselineKey"/>.</param>
public sealed record BaselineTaken(DateTimeOffset At, string Node, string Key, double Value) : JobEvent(At);

/// <summary>Why it holds and since when; part of the fold while the job is <see cref="JobState.Holding"/>.</summary>
/// <param name="Since">The first guard that turned false.</param>
/// <param name="Node">Of the last one.</param>
/// <param name="Why">Of the last one.</param>
/// <param name="Times">How many have turned false in this hold.</param>
public sealed record HoldState(DateTimeOffset Since, string? Node, string Why, int Times, bool IsPinged);

/// <summary>When a node stood out (R6).</summary>
public readonly record struct NodeFlap(string Node, DateTimeOffset At);
