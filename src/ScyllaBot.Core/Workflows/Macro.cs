using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Workflows;

/// <summary>Steps that stand in several places of a workflow, written once.</summary>
public sealed record Macro
{
    [Description("What its steps name as +name+ and each use gives under `with`")]
    public IReadOnlyList<Variable> Inputs { get; init; } = [];

    [Description("Node steps or cluster steps, as the places need where it is used; no further macros"), MinLength(1)]
    public required IReadOnlyList<Step<NodeContext>> Steps { get; init; }
}

/// <summary>What stands in the place of a macro's steps.</summary>
public sealed record MacroUse
{
    [Description("Which one")]
    public required string Macro { get; init; }

    [Description("Its inputs; those with a default may be left out")]
    public IReadOnlyDictionary<string, string> With { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
