namespace ScyllaBot.Core.Jobs;

/// <summary>Which nodes a job is for.</summary>
public abstract record Target
{
    private Target() { }

    public sealed record All : Target;

    /// <summary><c>dc/rack</c>, or a bare rack where that is unambiguous (R24).</summary>
    public sealed record InZone(string Zone) : Target;

    public sealed record InDatacenter(string Datacenter) : Target;

    /// <summary>Names, or patterns of names with <c>*</c> and <c>?</c>.</summary>
    public sealed record Named(ImmutableArray<string> Nodes) : Target;

    /// <summary>Any of them, such as several zones.</summary>
    public sealed record Union(ImmutableArray<Target> Parts) : Target;
}

/// <summary>What <c>/scp run</c>, <c>/scp plan</c>, <c>/scp node-task</c> ask for.</summary>
/// <param name="RequestId">The interaction's id: the same one starts one job only.</param>
public sealed record RunRequest(
    string RequestId, string Workflow, string Cluster, Target Target, ImmutableSortedDictionary<string, string> Variables, string Reason)
{
    /// <summary>Of a one-off task: the job under whose lease it runs (R18).</summary>
    public JobId? Under { get; init; }
    /// <summary>Nodes, patterns of nodes or zones that are left out.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>Only what an earlier job left over; null: all of the target.</summary>
    public FromJob? From { get; init; }

    /// <summary>Most nodes at once; only tightens. Null: the workflow's own limits.</summary>
    public int? Limit { get; init; }

    /// <summary>End after so many nodes; null: after all.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Names or host ids of nodes that are down and stay so (R23).</summary>
    public ImmutableArray<string> KnownDown { get; init; } = [];
}
