using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Yaml;

/// <param name="Text">Null: there will be one, but it is not known yet.</param>
/// <param name="IsList">The text is a comma-separated list.</param>
internal sealed record TemplateValue(string? Text, bool IsList = false);

/// <summary>What <c>+name+</c> stands for. Values replace parts of a scalar, never of the text, so they can add no YAML.</summary>
internal sealed partial class Templates
{
    /// <summary>Only in a node's own steps.</summary>
    private static readonly ImmutableArray<string> OfNode = ["node", "zone", "node.ip", "node.host_id", "node.dc", "node.rack"];

    private const string Label = "node.label.";

    private readonly ImmutableSortedDictionary<string, TemplateValue>? _values;
    private readonly Node? _node;
    private readonly bool _inNode;

    private Templates(ImmutableSortedDictionary<string, TemplateValue>? values, Node? node, bool inNode) =>
        (_values, _node, _inNode) = (values, node, inNode);

    /// <summary>Which labels there are is not known yet: any may be named.</summary>
    public bool LabelsUnknown { get; init; }

    /// <summary>Everything is taken as it stands.</summary>
    public static Templates None { get; } = new(null, null, inNode: false);

    public static Templates Of(ImmutableSortedDictionary<string, TemplateValue> values, Node node, bool labelsUnknown = false) =>
        new(values, node, inNode: false) { LabelsUnknown = labelsUnknown };

    /// <summary>The same, where the node's own names are known too.</summary>
    public Templates InNode() => _inNode || _values is null ? this : new(_values, _node, inNode: true) { LabelsUnknown = LabelsUnknown };

    public static bool IsReserved(string name) =>
        name is "cluster" or "job_id" or "operator" || OfNode.Contains(name, StringComparer.Ordinal);

    public static bool HasTemplate(string text) => Template().IsMatch(text);

    /// <returns>Null when an error was added, or when a value is not known yet.</returns>
    public string? Expand(YamlScalar scalar, FileErrors errors)
    {
        if (_values is null || scalar.IsLiteral)
        {
            return scalar.Text;
        }

        var known = true;
        var text = Template().Replace(scalar.Text, match =>
        {
            var value = Find(match.Groups["name"].Value, scalar.At, errors)?.Text;
            known &= value is not null;
            return value ?? "";
        });
        return known ? text : null;
    }

    /// <summary>A list variable that is the whole scalar becomes the items of a list.</summary>
    /// <returns>Null when the scalar is something else.</returns>
    public ImmutableArray<YamlValue>? ExpandList(YamlScalar scalar)
    {
        var match = Template().Match(scalar.Text);
        var whole = match.Success && match.Length == scalar.Text.Length;
        if (!whole || _values?.GetValueOrDefault(match.Groups["name"].Value) is not { IsList: true } list)
        {
            return null;
        }

        // Not known yet: one item that is not known yet either.
        return list.Text is null
            ? [scalar]
            : [.. ItemsOf(list.Text).Select(item => new YamlScalar(scalar.At, null, item, Plain: false) { IsLiteral = true })];
    }

    /// <summary>Items of a list variable: comma-separated, because that is what a person can type into a chat box.</summary>
    public static IEnumerable<string> ItemsOf(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private TemplateValue? Find(string name, YamlMark at, FileErrors errors)
    {
        if (_values!.TryGetValue(name, out var value))
        {
            return value;
        }

        if (OfNode.Contains(name, StringComparer.Ordinal) || name.StartsWith(Label, StringComparison.Ordinal))
        {
            if (_inNode)
            {
                return name.StartsWith(Label, StringComparison.Ordinal) ? LabelOf(_node!, name[Label.Length..], at, errors) : new TemplateValue(OfThe(_node!, name));
            }

            errors.Add(at, $"+{name}+ is known only inside `node_tasks`, `restore` and a node workflow's `skip_when`");
            return null;
        }

        var all = _inNode ? _values.Keys.Concat(OfNode) : _values.Keys;
        errors.Add(at, $"no variable is called +{name}+", Nearest.To(name, all) is { } near ? $"+{near}+" : null);
        return null;
    }

    private TemplateValue LabelOf(Node node, string label, YamlMark at, FileErrors errors)
    {
        if (!LabelsUnknown && !node.Labels.ContainsKey(label))
        {
            errors.Add(at, $"{node.Name} has no label `{label}` in the inventory", Nearest.To(label, node.Labels.Keys) is { } near ? $"+{Label}{near}+" : null);
        }

        return new TemplateValue(node.Labels.GetValueOrDefault(label));
    }

    private static string OfThe(Node node, string name) => name switch
    {
        "node" => node.Name,
        "zone" => node.Zone.ToString(),
        "node.ip" => node.Address,
        "node.host_id" => node.HostId.ToString(),
        "node.dc" => node.Zone.Datacenter,
        _ => node.Zone.Rack,
    };

    [GeneratedRegex(@"\+(?<name>[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)*)\+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    internal static partial Regex Template();
}
