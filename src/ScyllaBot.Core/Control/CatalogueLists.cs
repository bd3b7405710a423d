using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Control;

/// <summary>What can be run, as the endpoint shows it.</summary>
public static class CatalogueLists
{
    public static WorkflowList Of(IJobChoices choices) => new([.. choices.Workflows.Select(w => new WorkflowLine(w.Name, w.Description, w.Variables))]);

    public static TaskList Of(TaskCatalog catalog) => new([.. Runnable(catalog).Select(t => new TaskLine(t.Tag.Name, t.Tag.Title, t.NeedsNode, t.Tag.Direction, t.Tag.Risk))]);

    /// <returns>Null when there is none of that tag that can be run alone.</returns>
    public static TaskView? Of(TaskCatalog catalog, string tag) => Runnable(catalog).FirstOrDefault(t => t.Tag.Name == tag) is not { } task ? null
        : new TaskView(
            task.Tag.Name, task.Tag.Title, task.NeedsNode, task.Tag.Direction, task.Tag.Risk, task.Tag.Interruptible, task.Preconditions,
            [.. task.Inputs.Select(i => new TaskInput(i.Name, i.Description, i.Required, i.Required ? null : Input.Spell(i.Default), i.Choices))], task.Example);

    private static IEnumerable<Definition> Runnable(TaskCatalog catalog) => catalog.Tasks.Where(t => t.Tag.Name != "node-workflow");
}
