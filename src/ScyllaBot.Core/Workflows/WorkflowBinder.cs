using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>From a request's words to bound steps; everything that is wrong comes at once, in sentences.</summary>
public sealed class WorkflowBinder(WorkflowLibrary library, TaskCatalog catalog)
{
    /// <summary>For completion: every workflow that loads.</summary>
    public ImmutableArray<(string Name, string Description, ImmutableArray<Variable> Variables)> Workflows { get; } =
        [.. library.Names.Where(n => library.Get(n)!.Errors.IsEmpty).Select(n => (n, library.Get(n)!.Description.Length > 0 ? library.Get(n)!.Description : library.Get(n)!.Name, library.Get(n)!.Variables))];

    /// <returns>A workflow's text by name, or why there is none.</returns>
    public (string? Text, ImmutableArray<string> Errors) TextOf(string workflow) => library.Get(workflow) is { } source
        ? source.Errors.IsEmpty ? (source.Text, []) : (null, [.. source.Errors.Select(e => e.ToString())])
        : (null, [$"No workflow {Hint.Quoted(workflow)}. {Hint.Of(workflow, library.Names)}"]);

    /// <returns>A one-off task as a workflow of one step (R18), or why it can not be run so.</returns>
    public (string? Text, ImmutableArray<string> Errors) TextOf(TaskRequest request)
    {
        var tasks = catalog.Tasks.Where(t => t.Tag.Name != "node-workflow").ToArray();
        if (tasks.FirstOrDefault(t => t.Tag.Name == request.Task) is not { } task)
        {
            return (null, [$"No task {Hint.Quoted(request.Task)}. {Hint.Of(request.Task, tasks.Select(t => t.Tag.Name))}"]);
        }

        if (task.NeedsNode && request.Node is null)
        {
            return (null, [$"{request.Task} works on a node: name one."]);
        }

        var names = task.Inputs.Select(i => i.Name).ToArray();
        var unknown = request.Inputs.Keys.Where(k => !names.Contains(k, StringComparer.Ordinal)).ToArray();
        return unknown.Length == 0
            ? (TaskWorkflow.Text(task, request.Inputs, request.Node is not null), [])
            : (null, [.. unknown.Select(u => $"{request.Task} has no input {Hint.Quoted(u)}. {Hint.Of(u, names)}")]);
    }

    /// <param name="file">For the messages.</param>
    /// <param name="text">YAML.</param>
    /// <param name="values">What the job gives.</param>
    public (LoadedWorkflow? Loaded, ImmutableArray<string> Errors) Bind(string file, string text, WorkflowValues values) =>
        WorkflowSource.Read(file, text, catalog).Bind(values) switch
        {
            WorkflowBinding.Bound bound => (bound.Loaded, []),
            WorkflowBinding.Invalid invalid => (null, [.. invalid.Errors.Select(e => e.ToString())]),
            var other => throw new InvalidOperationException($"unknown binding {other}"),
        };
}
