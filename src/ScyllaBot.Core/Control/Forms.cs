using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>What a plan is asked for: the options of <c>/scp plan</c> and <c>/scp run</c>.</summary>
/// <param name="Workflow">By the name of its file, without .yaml.</param>
public sealed record PlanForm(string Workflow, string Cluster)
{
    /// <summary>Names, or patterns with <c>*</c> and <c>?</c>. Nodes, zones and datacenters exclude each other; none of them: all nodes.</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary><c>dc/rack</c>, or a bare rack where that is unambiguous.</summary>
    public ImmutableArray<string> Zones { get; init; } = [];

    public ImmutableArray<string> Datacenters { get; init; } = [];

    /// <summary>Nodes, patterns or zones that are left out.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>Only what this job left over.</summary>
    public string? FromJob { get; init; }

    /// <summary><c>not-done</c> (default) or <c>failed</c>: which nodes of <see cref="FromJob"/>.</summary>
    public string? Only { get; init; }

    /// <summary>Most nodes at once; only tightens.</summary>
    public int? Limit { get; init; }

    /// <summary>End after so many nodes.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Names or host ids of nodes that are down and stay so.</summary>
    public ImmutableArray<string> KnownDown { get; init; } = [];

    /// <summary>Variable → value as people type it.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string Reason { get; init; } = "";
}

/// <summary>One task on one node or on a cluster.</summary>
/// <param name="Task">Its tag, without the exclamation mark.</param>
public sealed record TaskForm(string Task, string Cluster)
{
    /// <summary>Null for a task of the cluster.</summary>
    public string? Node { get; init; }

    public ImmutableSortedDictionary<string, string> Inputs { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string Reason { get; init; } = "";

    /// <summary>Names or host ids of nodes that are down and stay so.</summary>
    public ImmutableArray<string> KnownDown { get; init; } = [];

    /// <summary>The job under whose lease it runs.</summary>
    public string? Under { get; init; }
}

/// <summary>Starts a plan that was shown.</summary>
/// <param name="Hash">Of the plan as it was shown: another one is refused.</param>
public sealed record StartForm(string Hash)
{
    /// <summary>Null: the one it was planned with.</summary>
    public string? Reason { get; init; }
}

public sealed record RetryForm
{
    /// <summary>Wait longer: the failed step's deadline starts anew.</summary>
    public bool Extend { get; init; }
}

/// <param name="Node">Null: the one the halt is about.</param>
public sealed record NodeForm(string? Node = null);

public sealed record AbortForm
{
    /// <summary>Cut what may be cut, bring held nodes up.</summary>
    public bool Now { get; init; }
}

/// <param name="Key">As <see cref="JobApproval.Key"/> has it, or a gate's path: then it is approved ahead.</param>
public sealed record DecideForm(string Key, bool Approve)
{
    /// <summary>Of a refusal; where the question asks for the cluster's name: that.</summary>
    public string Why { get; init; } = "";
}

public sealed record GlassForm(string Key, string Reason);

/// <param name="Answer">One of its choices, or text that its pattern allows.</param>
public sealed record AnswerForm(string Answer)
{
    /// <summary>As <see cref="JobQuestion.Key"/> has it; null: the only open question.</summary>
    public string? Key { get; init; }
}

/// <param name="To">A user of this endpoint, such as <c>alice</c>.</param>
public sealed record OwnerForm(string To);

/// <summary>Null = leave it.</summary>
public sealed record TuneForm(int? Limit = null, int? StopAfter = null);

/// <param name="What">A cluster's name or a job's id.</param>
public sealed record TakeOverForm(string What, string Reason);

public sealed record HandBackForm
{
    /// <summary>Node → <c>done</c>, <c>redo</c> or <c>skip</c> (<see cref="HandbackChoice"/>).</summary>
    public ImmutableSortedDictionary<string, string> Nodes { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>For every node that was changed by hand and is not named; null: refused when there is one.</summary>
    public string? Others { get; init; }
}

public sealed record ReasonForm(string Reason);
