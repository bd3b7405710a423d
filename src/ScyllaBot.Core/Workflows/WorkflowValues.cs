using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>What one job gives to a workflow.</summary>
public sealed record WorkflowValues
{
    /// <summary><c>+cluster+</c>; node variables must name one of its nodes.</summary>
    public required Cluster Cluster { get; init; }

    /// <summary><c>+job_id+</c>.</summary>
    public required string JobId { get; init; }

    /// <summary><c>+operator+</c>: the person's name.</summary>
    public required string Operator { get; init; }

    /// <summary>Variable → what was typed for it.</summary>
    public ImmutableSortedDictionary<string, string> Given { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>What binding a workflow came to.</summary>
public abstract record WorkflowBinding
{
    private WorkflowBinding() { }

    public sealed record Bound(LoadedWorkflow Loaded) : WorkflowBinding;

    /// <summary>All that is wrong, in the order of the file.</summary>
    public sealed record Invalid(ImmutableArray<FileError> Errors) : WorkflowBinding;
}
