using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>A workflow text with every variable resolved.</summary>
public sealed record WorkflowBinding(Workflow Workflow, IBoundSteps Steps, ImmutableSortedDictionary<string, string> Variables);

/// <summary>Turns a text into steps: all that is wrong with it at once, or a binding.</summary>
public interface IWorkflowBinder
{
    /// <param name="file">For the messages.</param>
    /// <param name="text">YAML.</param>
    /// <param name="given">Variables by name.</param>
    /// <param name="builtIns"><c>cluster</c>, <c>job_id</c>, <c>operator</c>.</param>
    /// <param name="cluster">Whose nodes a node variable may name.</param>
    (WorkflowBinding? Binding, ImmutableArray<string> Errors) Bind(
        string file, string text, IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> builtIns, Cluster cluster);

    /// <summary>The text of a one-off task as a workflow of one step (R18).</summary>
    /// <returns>Null with the reasons when there is no such task or an input does not fit.</returns>
    (string? Text, ImmutableArray<string> Errors) TextOf(TaskRequest request);

    /// <summary>A workflow's text by name, or why not, with the nearest names.</summary>
    (string? Text, ImmutableArray<string> Errors) TextOf(string workflow);

    /// <summary>For completion: every workflow that loads.</summary>
    ImmutableArray<(string Name, string Description, ImmutableArray<Variable> Variables)> Workflows { get; }
}
