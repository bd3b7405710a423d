using System.CommandLine;
using ScyllaBot.Core.Tasks;
using Scyllactl.Show;

namespace Scyllactl.Offline;

/// <summary><c>task …</c>: the catalogue that this version was built with.</summary>
internal static class TaskVerbs
{
    public static Command Of(Surroundings around) => new("task", "Tasks and conditions: list, show (no bot needed)")
    {
        List(around), Show(around),
    };

    /// <summary>For completion.</summary>
    public static IEnumerable<string> Tags(bool? needsNode) =>
        TaskCatalog.Core.Tasks.Where(d => needsNode is null || d.NeedsNode == needsNode).Where(d => d.Tag.Name != "node-workflow").Select(d => d.Tag.Name);

    private static Verb List(Surroundings around)
    {
        var conditions = new Option<bool>("--conditions") { Description = "Conditions instead of tasks" };
        return new Verb("list", "Every task: what it is called, what it is for, which way it moves a node, what it risks")
        {
            Examples = [("task list", ""), ("task list --conditions", "")],
            Options = { conditions },
        }.Does(async (parsed, _) =>
        {
            var wanted = parsed.GetValue(conditions) ? TaskCatalog.Core.Conditions : TaskCatalog.Core.Tasks;
            var rows = wanted.Select(d => new[] { d.Tag.Name, d.Kind, d.IsTask ? Words(d.Tag.Direction) : "", d.IsTask ? Words(d.Tag.Risk) : "", d.Tag.Title });
            return await Paper.AnswerAsync(
                around, parsed, wanted.Select(AsJson), () => Columns.Of([parsed.GetValue(conditions) ? "CONDITION" : "TASK", "KIND", "DIRECTION", "RISK", "TITLE"], rows));
        });
    }

    private static Verb Show(Surroundings around)
    {
        var tag = new Argument<string>("tag") { HelpName = "tag", Description = "Of a task or a condition" };
        tag.CompletionSources.Add(_ => TaskCatalog.Core.All.Select(d => d.Tag.Name));
        return new Verb("show", "What a task does, its inputs with types and defaults, and an example")
        {
            Examples = [("task show scylla-drain", ""), ("task show wait-for-conditions -o json", "")],
            Arguments = { tag },
        }.Does(async (parsed, _) =>
        {
            var name = parsed.GetRequiredValue(tag).TrimStart('!');
            if (TaskCatalog.Core.Find(name) is not { } definition)
            {
                var nearest = TaskCatalog.Core.NearestTag(name);
                throw new StopException(ExitCodes.Refused, $"There is no task {Clean.Line(name, 80)}{(nearest is null ? "; task list names them" : $"; did you mean {nearest}")}.");
            }

            return await Paper.AnswerAsync(around, parsed, AsJson(definition), () => Lines(definition));
        });
    }

    private static IEnumerable<string> Lines(Definition definition)
    {
        var tag = definition.Tag;
        yield return $"{tag.Name}: {tag.Title}";
        yield return $"  kind           {definition.Kind}";
        if (definition.IsTask)
        {
            yield return $"  direction      {Words(tag.Direction)}";
            yield return $"  risk           {Words(tag.Risk)}";
            yield return $"  interruptible  {Words(tag.Interruptible)}";
            yield return $"  before it      {(definition.Preconditions.IsEmpty ? "nothing" : string.Join("; ", definition.Preconditions))}";
        }

        yield return "";
        var rows = definition.Inputs.Select(i => new[] { i.Name, InputTable.ShapeOf(i), i.Required ? "required" : Input.Spell(i.Default), i.Description });
        foreach (var line in definition.Inputs.IsEmpty ? ["It has no inputs."] : Columns.Of(["INPUT", "VALUE", "DEFAULT", ""], rows))
        {
            yield return line;
        }

        yield return "";
        yield return $"- {(definition.IsTask ? "task" : "condition")}: !{tag.Name}";
        foreach (var line in definition.Example.Split('\n').Where(l => l.Length > 0))
        {
            yield return $"    {line}";
        }
    }

    private static object AsJson(Definition d) => new
    {
        d.Tag.Name, d.Tag.Title, d.Kind,
        Direction = d.IsTask ? Words(d.Tag.Direction) : null, Risk = d.IsTask ? Words(d.Tag.Risk) : null,
        Interruptible = d.IsTask ? Words(d.Tag.Interruptible) : null,
        Preconditions = d.IsTask ? d.Preconditions : default(IEnumerable<string>),
        Inputs = d.Inputs.Select(i => new { i.Name, Value = InputTable.ShapeOf(i), i.Required, Default = i.Required ? null : Input.Spell(i.Default), i.Description }),
        d.Example,
    };

    private static string Words(object name) => InputTable.Words(name);
}
