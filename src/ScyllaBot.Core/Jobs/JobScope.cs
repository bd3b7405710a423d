using System.Text.Json.Serialization;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a job was asked for besides its targets; part of what an approval is bound to.</summary>
public sealed record JobScope
{
    /// <summary>Most nodes at work at once; only tightens the workflow's own limits. Null: theirs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Limit { get; init; }

    /// <summary>It ends after so many nodes; null: after all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StopAfter { get; init; }

    /// <summary>Nodes that were meant and that <see cref="StopAfter"/> leaves for another job, in order.</summary>
    public ImmutableArray<string> Left { get; init; } = [];

    /// <summary>Nodes that are down and stay so (R23).</summary>
    public ImmutableArray<KnownDownNode> KnownDown { get; init; } = [];

    internal bool IsEmpty => Limit is null && StopAfter is null && Left.IsEmpty && KnownDown.IsEmpty;

    internal NodeWorkflow Tighten(NodeWorkflow workflow) =>
        Limit is { } limit && limit < workflow.ConcurrencyLimit ? workflow with { ConcurrencyLimit = limit } : workflow;
}

/// <summary>A node that is down before the job begins and is not expected back while it lasts (R23).</summary>
public sealed record KnownDownNode(string Name, Guid HostId);
