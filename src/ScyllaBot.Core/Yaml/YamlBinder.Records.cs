using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Yaml;

internal sealed partial class YamlBinder
{
    private static readonly ImmutableArray<Input> StepInputs = Input.AllOf(typeof(Step<ClusterContext>));
    private static readonly ImmutableArray<Input> CheckInputs = Input.AllOf(typeof(ConditionCheck<ClusterContext>));

    private bool TryBindRecord(YamlValue value, Type type, string name, out object? bound)
    {
        bound = null;
        if (value is YamlMapping mapping)
        {
            bound = For(type).Fill(mapping, type, Input.AllOf(type), $"`{name}`", key => Misplaced(mapping, key));
            return true;
        }

        errors.Add(value.At, $"`{name}` needs {YamlScalars.Words(type)}, not {(value is YamlSequence ? "a list" : "text")}");
        return false;
    }

    private bool TryBindTagged(YamlValue value, Type slot, string name, out object? bound)
    {
        bound = null;
        if (Define(value, slot, name) is not { } definition)
        {
            return false;
        }

        var inputs = value switch
        {
            YamlMapping mapping => mapping,
            YamlScalar { IsEmpty: true } => new YamlMapping(value.At, value.Tag, []), // A bare tag: no inputs.
            _ => null,
        };
        if (inputs is null)
        {
            errors.Add(value.At, $"!{value.Tag} takes named inputs: write `key: value` lines under it");
            return false;
        }

        bound = Fill(inputs, definition.Type, definition.Inputs, $"!{value.Tag}", key => BelongsOutside(definition, key));
        return true;
    }

    private Definition? Define(YamlValue value, Type slot, string name)
    {
        var needsTask = slot.GetGenericTypeDefinition() == typeof(ITask<>);
        if (value.Tag is null)
        {
            var near = value is YamlScalar { Text.Length: > 0 } scalar ? catalog.NearestTag(scalar.Text) : null;
            var example = needsTask ? "!scylla-drain" : "!cluster-normal";
            errors.Add(value.At, $"`{name}` needs a tag, such as {example}", near is null ? null : $"!{near}");
            return null;
        }

        var definition = catalog.Find(value.Tag);
        if (definition is null)
        {
            errors.Add(value.At, $"there is no !{value.Tag}", catalog.NearestTag(value.Tag) is { } near ? $"!{near}" : null);
            return null;
        }

        if (WhyNotHere(definition, slot, needsTask) is { } why)
        {
            errors.Add(value.At, $"!{value.Tag} does not fit here: {why}");
            return null;
        }

        return definition;
    }

    private static string? WhyNotHere(Definition definition, Type slot, bool needsTask)
    {
        var onNode = slot.GenericTypeArguments[0] == typeof(NodeContext);
        return (definition.IsTask, needsTask) switch
        {
            (true, false) => "it is a task, and a condition is needed",
            (false, true) => "it is a condition, and a task is needed; wait for it with !wait-for-conditions",
            _ when onNode && definition.Type == typeof(NodeWorkflow) =>
                "it goes over nodes itself, so it can not stand inside `node_tasks`",
            _ when slot.IsAssignableFrom(definition.Type) => null,
            _ => $"it is a {definition.Kind}, and a cluster {(needsTask ? "task" : "condition")} is needed; "
                + "put it under `node_tasks` of a !node-workflow",
        };
    }

    private object Fill(YamlMapping mapping, Type type, ImmutableArray<Input> inputs, string what, Func<string, string?> misplaced)
    {
        var made = Activator.CreateInstance(type)!;
        _origins[made] = mapping;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (at, key, value) in mapping.Pairs)
        {
            if (!seen.Add(key))
            {
                errors.Add(at, $"`{key}` is given twice");
            }
            else if (inputs.FirstOrDefault(i => i.Name == key) is not { } input)
            {
                var why = misplaced(key);
                errors.Add(at, why ?? $"{what} has no `{key}`", why is null ? Nearest.To(key, inputs.Select(i => i.Name)) : null);
            }
            else if (TryBind(value, input.Property.PropertyType, key, input, out var bound))
            {
                input.Property.SetValue(made, bound);
            }
        }

        foreach (var missing in inputs.Where(i => i.Required && !seen.Contains(i.Name)))
        {
            errors.Add(mapping.At, $"{what} needs `{missing.Name}`: {missing.Description}");
        }

        return made;
    }

    /// <summary>An input written beside its tag instead of under it: the indentation that everybody gets wrong once.</summary>
    private string? Misplaced(YamlMapping mapping, string key)
    {
        var owner = mapping.Pairs.Select(p => p.Value.Tag).OfType<string>()
            .FirstOrDefault(tag => catalog.Find(tag)?.Inputs.Any(i => i.Name == key) == true);
        return owner is null ? null : $"`{key}` is an input of !{owner}: indent it under the tag";
    }

    private static string? BelongsOutside(Definition definition, string key)
    {
        var (owner, first, inputs) = definition.IsTask ? ("step", "task", StepInputs) : ("check", "condition", CheckInputs);
        return key != first && inputs.Any(i => i.Name == key) ? $"`{key}` belongs to the {owner}: indent it like `{first}`" : null;
    }
}
