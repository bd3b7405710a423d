using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>
/// The language as a JSON schema, from the same records and catalogue that the reader binds by. Draft 7: what every YAML editor speaks. JSON has
/// no tags, so there are two readings: the root is for editors, which drop tags and see the inputs alone; <c>#/definitions/tagged</c> is for
/// validators that are given <c>!tag inputs</c> as <c>{"!tag": inputs}</c>, and holds each tag to its own inputs.
/// </summary>
public sealed partial class WorkflowSchema
{
    private const string Tagged = "tagged";
    private readonly TaskCatalog _catalog;
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    private WorkflowSchema(TaskCatalog catalog) => _catalog = catalog;

    /// <param name="KeepsTags">False: the editors' reading.</param>
    /// <param name="InMacro">Steps of a macro may become those of a node or of a cluster.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Place(bool KeepsTags, bool InMacro = false);

    /// <summary>docs/workflow.schema.json, whole.</summary>
    public static string Of(TaskCatalog catalog)
    {
        var schema = new WorkflowSchema(catalog);
        var root = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "ScyllaBot workflow",
            ["description"] = "Generated from the task catalogue. The root reads YAML whose tags are gone, as editors do; #/definitions/tagged reads "
                + "`!tag inputs` as {\"!tag\": inputs}. The safety rules are known to `scyllactl workflow validate` alone.",
        };
        schema.Fill(root, typeof(Workflow), Input.AllOf(typeof(Workflow)), new Place(KeepsTags: false));
        var tagged = new JsonObject { ["title"] = "ScyllaBot workflow, tags kept" };
        schema.Fill(tagged, typeof(Workflow), Input.AllOf(typeof(Workflow)), new Place(KeepsTags: true));
        schema._definitions.Add(Tagged, tagged);
        root["definitions"] = new JsonObject(schema._definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return Text(root);
    }

    /// <summary>docs/workflow.vscode.json: without it an editor takes every tag for a mistake. A bare tag is a scalar to it.</summary>
    public static string EditorSettings(TaskCatalog catalog) => Text(new JsonObject
    {
        ["yaml.customTags"] = new JsonArray(
            [.. catalog.All.SelectMany(d => d.Inputs.Any(i => i.Required) ? new[] { "mapping" } : ["mapping", "scalar"],
                (d, kind) => (JsonNode?)$"!{d.Tag.Name} {kind}")]),
    });

    private static string Text(JsonObject document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private JsonObject Defined(string name, Action<JsonObject> fill)
    {
        if (!_definitions.ContainsKey(name))
        {
            // In the book before it is written: steps hold steps.
            _definitions.Add(name, []);
            fill(_definitions[name]);
        }

        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }

    private void Fill(JsonObject into, Type type, ImmutableArray<Input> inputs, Place place)
    {
        var mayBeBare = typeof(ITagged).IsAssignableFrom(type) && !inputs.Any(i => i.Required) && TagOf(type) is not null;
        into["type"] = mayBeBare ? new JsonArray("object", "null") : "object";
        var properties = new JsonObject();
        foreach (var input in inputs)
        {
            var value = Special(type, input, place) ?? Value(input.Property.PropertyType, input, place);
            value["description"] = input.Description;
            if (DefaultOf(input) is { } otherwise)
            {
                value["default"] = otherwise;
            }

            properties[input.Name] = value;
        }

        into["properties"] = properties;
        if (inputs.Any(i => i.Required))
        {
            into["required"] = new JsonArray([.. inputs.Where(i => i.Required).Select(i => (JsonNode?)i.Name)]);
        }

        into["additionalProperties"] = false;
    }

    private JsonObject Value(Type type, Input? input, Place place)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Input.ItemOf(type) is { } item ? List(item, input, place)
            : Input.MapOf(type) is { } mapped ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(mapped, null, place) }
            : type.IsInterface ? Slot(type, place)
            : Yaml.YamlScalars.CanRead(type) ? Scalar(type, input, mayVary: true)
            : Record(type, place);
    }

    private JsonObject List(Type item, Input? input, Place place)
    {
        var items = Value(item, input, place);
        if (IsStep(item) && !place.InMacro)
        {
            // Not anyOf: whoever wrote a step is told what is wrong with the step.
            var isUse = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["macro"] = true }, ["required"] = new JsonArray("macro") };
            items = new JsonObject { ["if"] = isUse, ["then"] = Record(typeof(MacroUse), place), ["else"] = items };
        }

        var list = new JsonObject { ["type"] = "array", ["items"] = items };
        if (input?.MinCount > 0)
        {
            list["minItems"] = input.MinCount;
        }

        if (input?.TakesOne == true)
        {
            return new JsonObject { ["anyOf"] = new JsonArray(list, items.DeepClone()) };
        }

        if (Yaml.YamlScalars.CanRead(item))
        {
            // A list variable may be all of it.
            list["type"] = new JsonArray("array", "string");
            list["pattern"] = $"^{Template}$";
        }

        return list;
    }

    private JsonObject Record(Type type, Place place)
    {
        var context = IsOf(type, typeof(NodeContext)) ? place.InMacro && IsStep(type) ? "macro-" : "node-" : IsOf(type, typeof(ClusterContext)) ? "cluster-" : "";
        var name = type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
        return Defined(Prefix(type, place) + context + Kebab(name), into =>
        {
            Fill(into, type, Input.AllOf(type), place);
            if (type == typeof(Variable))
            {
                AddDefaults(into);
            }
        });
    }

    /// <summary>Where a tag stands.</summary>
    private JsonObject Slot(Type slot, Place place)
    {
        var isTask = slot.GetGenericTypeDefinition() == typeof(ITask<>);
        var onNode = IsOf(slot, typeof(NodeContext));
        var anywhere = place.InMacro && isTask;
        var fits = _catalog.All.Where(d => d.IsTask == isTask && slot.IsAssignableFrom(d.Type) && (!onNode || anywhere || d.Type != typeof(NodeWorkflow)));
        var name = $"{(place.KeepsTags ? $"{Tagged}." : "")}{(anywhere ? "any" : onNode ? "node" : "cluster")}-{(isTask ? "task" : "condition")}";
        return Defined(name, into =>
        {
            into["description"] = $"A tag such as !{(isTask ? "wait-for-conditions" : "cluster-normal")}, its inputs indented under it";
            var inside = new Place(place.KeepsTags);
            if (place.KeepsTags)
            {
                into["type"] = "object";
                into["minProperties"] = 1;
                into["maxProperties"] = 1;
                into["properties"] = new JsonObject(fits.Select(d => KeyValuePair.Create($"!{d.Tag.Name}", (JsonNode?)Inputs(d, inside))));
                into["additionalProperties"] = false;
            }
            else
            {
                // Not among the others: what is wrong with inputs is told of inputs. A bare tag is empty text to one editor and nothing to another.
                into["if"] = new JsonObject { ["type"] = "object" };
                into["then"] = new JsonObject { ["anyOf"] = new JsonArray([.. fits.Select(d => Inputs(d, inside))]) };
                into["else"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["maxLength"] = 0 };
            }
        });
    }

    private JsonObject Inputs(Definition definition, Place place) =>
        Defined($"{Prefix(definition.Type, place)}{(definition.IsTask ? "task" : "condition")}.{definition.Tag.Name}", into =>
        {
            into["title"] = $"!{definition.Tag.Name}";
            into["description"] = definition.IsTask
                ? $"{definition.Tag.Title}. Direction: {Words(definition.Tag.Direction)}. Risk: {Words(definition.Tag.Risk)}. "
                    + $"Before it: {(definition.Preconditions.IsEmpty ? "nothing" : string.Join("; ", definition.Preconditions))}."
                : $"{definition.Tag.Title}.";
            Fill(into, definition.Type, definition.Inputs, place);
        });

    /// <summary>What holds no tag is the same in both readings.</summary>
    private static string Prefix(Type type, Place place) => place.KeepsTags && HoldsTags(type) ? $"{Tagged}." : "";

    private static bool HoldsTags(Type type) => Input.AllOf(type).Any(i => HoldsTag(i.Property.PropertyType));

    private static bool HoldsTag(Type type)
    {
        type = Input.ItemOf(type) ?? Input.MapOf(type) ?? Nullable.GetUnderlyingType(type) ?? type;
        return type.IsInterface || (!Yaml.YamlScalars.CanRead(type) && HoldsTags(type));
    }

    private static bool IsStep(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Step<>);

    private static bool IsOf(Type type, Type context) => type.IsGenericType && type.GenericTypeArguments is [var only] && only == context;

    private static TagAttribute? TagOf(Type type) => (TagAttribute?)Attribute.GetCustomAttribute(type, typeof(TagAttribute));

    private static string Kebab(string name) => Input.Snake(name).Replace('_', '-');

    private static string Words(object name) => InputTable.Words(name);
}
