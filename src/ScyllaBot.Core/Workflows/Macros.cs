using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>
/// Puts the steps of macros where they are used, in the tree and before anything is bound: steps keep the place they were written at, and an error
/// in them names both lines. What a use gives is text of the same file, so nothing gets in that is not written there.
/// </summary>
internal sealed class Macros
{
    private static readonly ImmutableArray<string> StepLists = ["node_tasks", "restore", "between_batches", "before_last_node"];
    private static readonly ImmutableArray<string> Keys = [.. Input.AllOf(typeof(MacroUse)).Select(i => i.Name)];
    private readonly SortedDictionary<string, Declared> _macros = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<(Variable Input, YamlScalar Given)> _given = [];
    private readonly FileErrors _errors;

    private Macros(FileErrors errors) => _errors = errors;

    /// <summary>What was given for an input and names variables: its type can be checked only when they have values.</summary>
    public IReadOnlyList<(Variable Input, YamlScalar Given)> Given => _given;

    public static (YamlMapping Root, Macros Macros) Expand(YamlMapping root, IEnumerable<string> variables, TaskCatalog catalog, FileErrors errors)
    {
        var macros = new Macros(errors);
        macros.Read(root.Find("macros"), variables.ToArray(), new YamlBinder(catalog, Templates.None, errors));
        var expanded = root with
        {
            Pairs = [.. root.Pairs.Select(p => p.Key is "cluster_tasks" or "always" ? p with { Value = macros.Steps(p.Value, macros.NodeLists) } : p)],
        };
        foreach (var (name, unused) in macros._macros.Where(m => !macros._used.Contains(m.Key)))
        {
            errors.Add(unused.At, $"macro `{name}` is used nowhere: nobody would check its steps");
        }

        return (expanded, macros);
    }

    private void Read(YamlValue? macros, string[] variables, YamlBinder binder)
    {
        if (macros is not (null or YamlMapping { Tag: null }))
        {
            _errors.Add(macros.At, "`macros` needs a mapping: the name of a macro, and under it `inputs` and `steps`");
        }

        foreach (var (at, name, value) in (macros as YamlMapping)?.Pairs ?? [])
        {
            if (value is not YamlMapping { Tag: null } body || body.Find("steps") is not YamlSequence { Tag: null, Items.Length: > 0 } steps)
            {
                _errors.Add(value.At, $"macro `{name}` needs `steps`: a list of them");
            }
            else if (!_macros.TryAdd(name, new Declared(at, [.. WorkflowHeader.Declared(body.Find("inputs"), "inputs", variables, binder, _errors)], steps)))
            {
                _errors.Add(at, $"`{name}` is given twice");
            }
            else
            {
                foreach (var pair in body.Pairs.Where(p => p.Key is not ("inputs" or "steps")))
                {
                    _errors.Add(pair.At, $"macro `{name}` has no `{pair.Key}`", Nearest.To(pair.Key, ["inputs", "steps"]));
                }
            }
        }
    }

    private YamlValue Steps(YamlValue steps, Func<YamlValue, YamlValue> inside) => steps is YamlSequence list
        ? list with { Items = [.. list.Items.SelectMany(i => i is YamlMapping use && use.Find("macro") is { } name ? Uses(use, name) : [inside(i)])] }
        : steps;

    /// <summary>The lists of steps within a node workflow.</summary>
    private YamlValue NodeLists(YamlValue step) => step is YamlMapping one && one.Find("task") is YamlMapping { Tag: "node-workflow" } nodes
        ? one with
        {
            Pairs = [.. one.Pairs.Select(p => ReferenceEquals(p.Value, nodes) ? p with { Value = nodes with { Pairs = [.. nodes.Pairs.Select(OfNodes)] } } : p)],
        }
        : step;

    private YamlPair OfNodes(YamlPair pair) => StepLists.Contains(pair.Key, StringComparer.Ordinal) ? pair with { Value = Steps(pair.Value, s => s) } : pair;

    private ImmutableArray<YamlValue> Uses(YamlMapping use, YamlValue name)
    {
        foreach (var pair in use.Pairs.Where(p => !Keys.Contains(p.Key, StringComparer.Ordinal)))
        {
            _errors.Add(pair.At, $"`{pair.Key}` does not stand beside `macro`: write it at the macro's own steps", Nearest.To(pair.Key, Keys));
        }

        if (name is not YamlScalar { Tag: null } called || !_macros.TryGetValue(called.Text, out var macro))
        {
            _errors.Add(name.At, $"there is no macro `{(name as YamlScalar)?.Text}`", Nearest.To((name as YamlScalar)?.Text ?? "", _macros.Keys));
            return [];
        }

        _used.Add(called.Text);
        var given = Arguments(called, use, macro);
        var steps = macro.Steps.Items.Where(s => s is YamlMapping).Select(s => Put(s, given, use.At.Line)).ToImmutableArray();
        foreach (var further in steps.OfType<YamlMapping>().Concat(steps.OfType<YamlMapping>().SelectMany(Inner)).Where(s => s.Find("macro") is not null))
        {
            _errors.Add(further.At, $"macro `{called.Text}` uses another: macros have one level");
        }

        return steps;
    }

    private static IEnumerable<YamlMapping> Inner(YamlMapping step) =>
        ((step.Find("task") as YamlMapping)?.Pairs ?? []).Select(p => p.Value).OfType<YamlSequence>().SelectMany(s => s.Items).OfType<YamlMapping>();

    private SortedDictionary<string, YamlValue> Arguments(YamlScalar name, YamlMapping use, Declared macro)
    {
        var found = new SortedDictionary<string, YamlValue>(StringComparer.Ordinal);
        if (use.Find("with") is { } wrong and not YamlMapping { Tag: null })
        {
            _errors.Add(wrong.At, "`with` needs a mapping: `input: value` lines");
        }

        var with = (use.Find("with") as YamlMapping)?.Pairs ?? [];
        foreach (var pair in with.Where(p => macro.Inputs.All(i => i.Variable.Name != p.Key)))
        {
            _errors.Add(pair.At, $"macro `{name.Text}` (line {Line(macro.At)}) has no input `{pair.Key}`", Nearest.To(pair.Key, macro.Inputs.Select(i => i.Variable.Name)));
        }

        foreach (var (input, declaredAt) in macro.Inputs)
        {
            var all = with.Where(p => p.Key == input.Name).ToArray();
            if (all.Length > 1)
            {
                _errors.Add(all[1].At, $"`{input.Name}` is given twice");
            }

            if (all.Length > 0)
            {
                found[input.Name] = Typed(input, all[0].Value, name.Text, declaredAt);
            }
            else if (input.Default is { } otherwise)
            {
                found[input.Name] = AsGiven(input, new YamlScalar(name.At, null, VariableText.Read(input.Type, otherwise, null).Text ?? otherwise, Plain: false));
            }
            else
            {
                _errors.Add(name.At, $"macro `{name.Text}` needs `{input.Name}` under `with`: line {Line(declaredAt)} declares it without a default");
            }
        }

        return found;
    }

    private YamlValue Typed(Variable input, YamlValue given, string macro, YamlMark declaredAt)
    {
        if (given is YamlSequence { Tag: null } list && input.Type == VariableType.List && list.Items.All(i => i is YamlScalar { Tag: null }))
        {
            return list;
        }

        if (given is not YamlScalar { Tag: null } scalar)
        {
            _errors.Add(given.At, $"`{input.Name}` of macro `{macro}` (line {Line(declaredAt)}) needs one value{(input.Type == VariableType.List ? " or a list" : "")}");
            return new YamlScalar(given.At, null, "", Plain: false);
        }

        if (Templates.HasTemplate(scalar.Text))
        {
            _given.Add((input, scalar));
            return scalar;
        }

        var (text, whyNot, suggestion) = VariableText.Read(input.Type, scalar.Text, null);
        if (text is null)
        {
            _errors.Add(scalar.At, $"`{input.Name}` of macro `{macro}` (line {Line(declaredAt)}): \"{Shortened.To(scalar.Text, 60)}\" {whyNot}", suggestion);
        }

        return AsGiven(input, scalar with { Text = text ?? scalar.Text });
    }

    /// <summary>A list that was written as text, with commas, is a list all the same.</summary>
    private static YamlValue AsGiven(Variable input, YamlScalar given) => input.Type == VariableType.List
        ? new YamlSequence(given.At, null, [.. Templates.ItemsOf(given.Text).Select(i => given with { Text = i, Plain = false })])
        : given;

    private static YamlValue Put(YamlValue value, SortedDictionary<string, YamlValue> given, int usedAt) => value switch
    {
        YamlMapping mapping => mapping with
        {
            At = mapping.At with { UsedAt = usedAt }, Pairs = [.. mapping.Pairs.Select(p => new YamlPair(p.At with { UsedAt = usedAt }, p.Key, Put(p.Value, given, usedAt)))],
        },
        YamlSequence list => list with { At = list.At with { UsedAt = usedAt }, Items = [.. list.Items.Select(i => Put(i, given, usedAt))] },
        YamlScalar scalar => Filled(scalar with { At = scalar.At with { UsedAt = usedAt } }, given),
        _ => value,
    };

    private static YamlValue Filled(YamlScalar scalar, SortedDictionary<string, YamlValue> given)
    {
        var match = Templates.Template().Match(scalar.Text);
        if (match.Success && match.Length == scalar.Text.Length && given.GetValueOrDefault(match.Groups["name"].Value) is YamlSequence whole)
        {
            return whole with { At = scalar.At };
        }

        return scalar with { Text = Templates.Template().Replace(scalar.Text, m => given.TryGetValue(m.Groups["name"].Value, out var value) ? TextOf(value) : m.Value) };
    }

    private static string TextOf(YamlValue value) => value is YamlSequence list
        ? string.Join(", ", list.Items.OfType<YamlScalar>().Select(i => i.Text))
        : ((YamlScalar)value).Text;

    private static string Line(YamlMark at) => at.Line.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Declared(YamlMark At, ImmutableArray<(Variable Variable, YamlMark At)> Inputs, YamlSequence Steps);
}
