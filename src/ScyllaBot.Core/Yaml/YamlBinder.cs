using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Yaml;

/// <summary>
/// A tree to records, driven by their properties and the catalogue. It goes on after an error, so that a file tells all of
/// them at once; what it made is only to be used when there were none.
/// </summary>
internal sealed partial class YamlBinder(TaskCatalog catalog, Templates templates, FileErrors errors)
{
    private readonly Dictionary<object, YamlMapping> _origins = new(ReferenceEqualityComparer.Instance);

    private YamlBinder(YamlBinder outer, Templates templates, TaskCatalog catalog, FileErrors errors) : this(catalog, templates, errors) =>
        _origins = outer._origins;

    /// <summary>Where a record was written; its tag's place when nothing stands under the tag.</summary>
    public YamlMapping OriginOf(object bound) => _origins[bound];

    /// <param name="name">What the place is called in errors.</param>
    /// <param name="input">Whose rules hold there; null for none.</param>
    /// <returns>False when an error was added or the value is not known yet.</returns>
    public bool TryBind(YamlValue value, Type slot, string name, Input? input, out object? bound)
    {
        slot = Nullable.GetUnderlyingType(slot) ?? slot;
        bound = null;
        if (Input.ItemOf(slot) is { } item)
        {
            return TryBindList(value, item, name, input, out bound);
        }

        if (Input.MapOf(slot) is { } mapped)
        {
            return TryBindMap(value, mapped, name, out bound);
        }

        if (slot.IsInterface)
        {
            return TryBindTagged(value, slot, name, out bound);
        }

        if (value.Tag is not null)
        {
            errors.Add(value.At, $"!{value.Tag} does not fit here: `{name}` needs {YamlScalars.Words(slot)}");
            return false;
        }

        return YamlScalars.CanRead(slot) ? TryBindScalar(value, slot, name, input, out bound) : TryBindRecord(value, slot, name, out bound);
    }

    private bool TryBindScalar(YamlValue value, Type slot, string name, Input? input, out object? bound)
    {
        bound = null;
        if (value is not YamlScalar scalar)
        {
            errors.Add(value.At, $"`{name}` needs {YamlScalars.Words(slot)}, not {(value is YamlSequence ? "a list" : "a mapping")}");
            return false;
        }

        if (scalar.IsEmpty)
        {
            errors.Add(scalar.At, $"`{name}` has no value: it needs {YamlScalars.Words(slot)}");
            return false;
        }

        if (templates.Expand(scalar, errors) is not { } text)
        {
            return false;
        }

        bound = YamlScalars.Read(slot, text);
        if (bound is null)
        {
            // What stands where a reference belongs may be the secret itself.
            var instead = slot == typeof(Ports.SecretRef) ? "" : $", not {Quote(text)}";
            errors.Add(scalar.At, $"`{name}` needs {YamlScalars.Words(slot)}{instead}", Nearest.To(text, Input.ChoicesOf(slot)));
            return false;
        }

        if (input is not null && YamlScalars.WhyNot(input, bound) is { } why)
        {
            errors.Add(scalar.At, $"`{name}` {why}, not {Quote(text)}");
            return false;
        }

        return true;
    }

    private bool TryBindList(YamlValue value, Type item, string name, Input? input, out object? bound)
    {
        bound = null;
        var items = value switch
        {
            YamlSequence { Tag: null } sequence => sequence.Items,
            YamlScalar { Tag: null } scalar => templates.ExpandList(scalar)
                ?? (input?.TakesOne == true && !scalar.IsEmpty ? [scalar] : (ImmutableArray<YamlValue>?)null),
            _ => null,
        };
        if (items is null)
        {
            errors.Add(value.At, $"`{name}` needs a list: `[a, b]`, or lines that begin with `- `");
            return false;
        }

        if (items.Value.Length < (input?.MinCount ?? 0))
        {
            errors.Add(value.At, $"`{name}` needs at least {input!.MinCount} {(input.MinCount == 1 ? "item" : "items")}");
            return false;
        }

        var list = Array.CreateInstance(item, items.Value.Length);
        var all = true;
        for (var i = 0; i < list.Length; i++)
        {
            all &= TryBind(items.Value[i], item, name, input, out var one);
            list.SetValue(one, i);
        }

        // Half a list is kept: the rules over steps can still tell about the other half.
        bound = list;
        return all || !item.IsValueType;
    }

    /// <summary>Names of the file's own choice, each with a value.</summary>
    private bool TryBindMap(YamlValue value, Type item, string name, out object? bound)
    {
        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(SortedDictionary<,>).MakeGenericType(typeof(string), item), StringComparer.Ordinal)!;
        bound = map;
        if (value is not YamlMapping { Tag: null } mapping)
        {
            errors.Add(value.At, $"`{name}` needs a mapping: `key: value` lines");
            return false;
        }

        var all = true;
        foreach (var (at, key, one) in mapping.Pairs)
        {
            if (map.Contains(key))
            {
                errors.Add(at, $"`{key}` is given twice");
            }
            else if (all &= TryBind(one, item, key, null, out var read))
            {
                map.Add(key, read);
            }
        }

        return all;
    }

    private YamlBinder For(Type type) =>
        type == typeof(Step<NodeContext>) || type == typeof(Criterion<NodeContext>) ? new YamlBinder(this, templates.InNode(), catalog, errors) : this;

    private static string Quote(string text) => $"\"{Shortened.To(text, 60)}\"";
}
