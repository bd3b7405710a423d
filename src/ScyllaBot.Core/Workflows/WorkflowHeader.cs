using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>The part of a workflow that is read before any variable has a value.</summary>
/// <param name="Marks">Where each variable is declared.</param>
internal sealed record WorkflowHeader(
    string? Name, string Description, ImmutableArray<Variable> Variables, ImmutableSortedDictionary<string, YamlMark> Marks)
{
    public static WorkflowHeader Read(YamlMapping root, TaskCatalog catalog, FileErrors errors)
    {
        var binder = new YamlBinder(catalog, Templates.None, errors);
        var variables = ImmutableArray.CreateBuilder<Variable>();
        var marks = ImmutableSortedDictionary.CreateBuilder<string, YamlMark>(StringComparer.Ordinal);
        foreach (var (variable, at) in Declared(root.Find("variables"), "variables", [], binder, errors))
        {
            variables.Add(variable);
            marks.Add(variable.Name, at);
        }

        return new WorkflowHeader(TextOf(root, "name"), TextOf(root, "description") ?? "", variables.ToImmutable(), marks.ToImmutable());
    }

    /// <summary>Variables of the workflow, or the inputs of a macro.</summary>
    /// <param name="taken">Names that are somebody else's already.</param>
    internal static IEnumerable<(Variable Variable, YamlMark At)> Declared(
        YamlValue? declared, string key, IEnumerable<string> taken, YamlBinder binder, FileErrors errors)
    {
        if (declared is null || !binder.TryBind(WithFlatDefaults(declared, errors), typeof(IReadOnlyList<Variable>), key, null, out var bound))
        {
            yield break;
        }

        var names = taken.ToHashSet(StringComparer.Ordinal);
        foreach (var variable in ((IReadOnlyList<Variable?>)bound!).Where(v => v?.Name is not null).Select(v => v!))
        {
            var origin = binder.OriginOf(variable);
            if (Check(variable, origin, !names.Add(variable.Name), errors))
            {
                yield return (variable, origin.MarkOf("name"));
            }
        }
    }

    /// <summary>Every variable's value, given or default; errors where there is none or it is of the wrong type.</summary>
    public ImmutableSortedDictionary<string, string> Resolve(WorkflowValues values, FileErrors errors)
    {
        foreach (var unknown in values.Given.Keys.Where(name => !Marks.ContainsKey(name)))
        {
            var meant = Nearest.To(unknown, Marks.Keys);
            errors.Add(YamlMark.Start, $"this workflow has no variable `{Name(unknown)}`{(meant is null ? Known() : "")}", meant);
        }

        var resolved = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var variable in Variables)
        {
            if ((values.Given.GetValueOrDefault(variable.Name) ?? variable.Default) is not { } given)
            {
                var what = variable.Description.Length == 0 ? "" : $": {variable.Description}";
                errors.Add(Marks[variable.Name], $"variable `{variable.Name}` has no default, so it must be given{what}");
            }
            else if (VariableText.Read(variable.Type, given, values.Cluster) is var (text, whyNot, suggestion) && text is null)
            {
                errors.Add(Marks[variable.Name], $"variable `{variable.Name}`: \"{Short(given)}\" {whyNot}", suggestion);
            }
            else
            {
                resolved.Add(variable.Name, text!);
            }
        }

        return resolved.ToImmutable();

        string Known() => Marks.IsEmpty ? ", nor any other" : $"; it has {string.Join(", ", Variables.Select(v => v.Name))}";

        static string Name(string text) => Shortened.To(text, 80);
    }

    private static bool Check(Variable variable, YamlMapping origin, bool again, FileErrors errors)
    {
        if (again || Templates.IsReserved(variable.Name))
        {
            var why = again ? "another is" : "the name is built in";
            errors.Add(origin.MarkOf("name"), $"a variable can not be called `{variable.Name}`: {why}");
            return false;
        }

        if (variable.Default is not { } value)
        {
            return true;
        }

        if (Templates.HasTemplate(value))
        {
            errors.Add(origin.MarkOf("default"), "a default is taken as it stands: no +variable+ in it");
        }
        else if (VariableText.Read(variable.Type, value, null) is var (text, whyNot, suggestion) && text is null)
        {
            errors.Add(origin.MarkOf("default"), $"the default of `{variable.Name}`: \"{Short(value)}\" {whyNot}", suggestion);
        }

        return true;
    }

    /// <summary>A list variable's default may be written as a list; it becomes what somebody would type.</summary>
    private static YamlValue WithFlatDefaults(YamlValue variables, FileErrors errors) => variables is YamlSequence list
        ? list with { Items = [.. list.Items.Select(item => WithFlatDefault(item, errors))] }
        : variables;

    private static YamlValue WithFlatDefault(YamlValue variable, FileErrors errors)
    {
        return variable is YamlMapping one && one.Find("type") is YamlScalar { Text: "list" }
            ? one with { Pairs = [.. one.Pairs.Select(Flattened)] }
            : variable;

        YamlPair Flattened(YamlPair pair) =>
            pair is { Key: "default", Value: YamlSequence items } ? pair with { Value = Flat(items, errors) } : pair;
    }

    private static YamlScalar Flat(YamlSequence items, FileErrors errors)
    {
        foreach (var item in items.Items.Where(i => i is not YamlScalar { Tag: null } text || text.Text.Contains(',')))
        {
            errors.Add(item.At, "an item of a list variable must be text without a comma");
        }

        var texts = items.Items.OfType<YamlScalar>().Select(i => i.Text);
        return new YamlScalar(items.At, items.Tag, string.Join(", ", texts), Plain: false);
    }

    private static string? TextOf(YamlMapping root, string key) =>
        root.Find(key) is YamlScalar { Tag: null, Text.Length: > 0 } scalar ? Short(scalar.Text) : null;

    private static string Short(string text) => Shortened.To(text, 300);
}
