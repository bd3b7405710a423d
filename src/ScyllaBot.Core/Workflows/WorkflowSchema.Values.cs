using System.Globalization;
using System.Text.Json.Nodes;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>What one value may look like. The reader knows text only, so a number may be quoted and text may be a number.</summary>
public sealed partial class WorkflowSchema
{
    // The same as Templates' own, in the words of JSON's regular expressions; a test compares them.
    internal const string Template = @"\+[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)*\+";
    private const string Whole = "[+-]?[0-9]+";
    private const string Positive = @"\s*\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?";
    private const string Number = @"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*";
    private const double LongestSeconds = 366 * 24 * 3600;

    private static JsonObject Scalar(Type type, Input? input, bool mayVary)
    {
        if (type.IsEnum)
        {
            var choices = new JsonObject { ["enum"] = Names(Input.ChoicesOf(type)) };
            return mayVary ? new JsonObject { ["anyOf"] = new JsonArray(choices, new JsonObject { ["type"] = "string", ["pattern"] = Template }) } : choices;
        }

        return type == typeof(bool) ? Typed("boolean", "true|false", mayVary)
            : type == typeof(int) ? Bounded(Typed("integer", Whole, mayVary), input, int.MinValue, int.MaxValue)
            : type == typeof(double) ? Bounded(Typed("number", Number, mayVary), input, null, null)
            : type == typeof(TimeSpan) ? Bounded(Typed("number", Positive + @"\s*", mayVary), input, 0, LongestSeconds)
            : type == typeof(string) ? Words(input, mayVary)
            : Exact(PatternOf(type), mayVary);
    }

    /// <summary>Text; YAML takes some of it for numbers and flags.</summary>
    private static JsonObject Words(Input? input, bool mayVary)
    {
        var words = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["maxLength"] = YamlScalars.MaxText };
        if (input?.Pattern is { } pattern && IsEverywhere(pattern))
        {
            words["pattern"] = Or(pattern, mayVary);
        }
        else if (input?.Required == true)
        {
            words["pattern"] = @"\S";
        }

        return words;
    }

    private static JsonObject Typed(string type, string asText, bool mayVary) =>
        new() { ["type"] = new JsonArray(type, "string"), ["pattern"] = Or(asText, mayVary) };

    private static JsonObject Exact(string pattern, bool mayVary) => new() { ["type"] = "string", ["pattern"] = Or(pattern, mayVary) };

    private static JsonObject Bounded(JsonObject number, Input? input, double? least, double? most)
    {
        if ((input?.Range is { } range ? Bound(range, range.Minimum) : least) is { } minimum)
        {
            number["minimum"] = minimum;
        }

        if ((input?.Range is { } other ? Bound(other, other.Maximum) : most) is { } maximum)
        {
            number["maximum"] = maximum;
        }

        return number;
    }

    /// <summary>A range of durations holds their text until it is first used.</summary>
    private static double Bound(RangeAttribute range, object bound) =>
        range.OperandType != typeof(TimeSpan) ? Convert.ToDouble(bound, CultureInfo.InvariantCulture)
        : (bound is TimeSpan span ? span : TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture)).TotalSeconds;

    private static string Or(string pattern, bool mayVary) => $"^(?:{pattern})${(mayVary ? $"|{Template}" : "")}";

    /// <summary>What .NET knows and JSON's regular expressions do not is left to the reader.</summary>
    private static bool IsEverywhere(string pattern) => !pattern.Contains("(?i", StringComparison.Ordinal);

    private static string PatternOf(Type type) =>
        type == typeof(Guid) ? "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
        : type == typeof(Uri) ? @"[Hh][Tt][Tt][Pp][Ss]?://\S+"
        : type == typeof(DateTimeOffset) ? "[0-9].*"
        : type == typeof(SecretRef) ? @"file:/.*|env:[A-Za-z0-9_]+"
        : throw new InvalidOperationException($"the schema does not know what a {type.Name} looks like");

    /// <summary>Shapes that the properties alone do not tell.</summary>
    private JsonObject? Special(Type type, Input input, Place place) => (type.Name, input.Property.Name) switch
    {
        // Read before any variable has a value.
        (nameof(Variable), nameof(Variable.Default)) => new JsonObject { ["not"] = new JsonObject { ["type"] = "string", ["pattern"] = Template } },
        (nameof(Variable), _) => Scalar(input.Type, input, mayVary: false),
        (nameof(MacroUse), nameof(MacroUse.Macro)) => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        (nameof(MacroUse), nameof(MacroUse.With)) => new JsonObject { ["type"] = "object", ["additionalProperties"] = TextOrList() },
        (nameof(Macro), nameof(Macro.Steps)) => Value(input.Property.PropertyType, input, place with { InMacro = true }),
        _ => null,
    };

    private static JsonObject TextOrList() => new()
    {
        ["type"] = new JsonArray("string", "number", "boolean", "array"),
        ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
    };

    /// <summary>A default is of its variable's type.</summary>
    private static void AddDefaults(JsonObject variable) => variable["allOf"] = new JsonArray(
    [
        .. Enum.GetValues<VariableType>().Select(type => (JsonNode)new JsonObject
        {
            ["if"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = Input.Snake(type.ToString()) } },
                ["required"] = type == VariableType.String ? [] : new JsonArray("type"),
            },
            ["then"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["default"] = DefaultOf(type) } },
        }),
    ]);

    private static JsonObject DefaultOf(VariableType type) => type switch
    {
        VariableType.Integer => Bounded(Typed("integer", $@"\s*{Whole}\s*", mayVary: false), null, int.MinValue, int.MaxValue),
        VariableType.Number => Typed("number", Number, mayVary: false),
        VariableType.Boolean => Typed("boolean", @"\s*(true|false)\s*", mayVary: false),
        VariableType.Duration => Bounded(Typed("number", Positive + "[smhd]?", mayVary: false), null, 0, LongestSeconds),
        VariableType.List => TextOrList(),
        VariableType.Node => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["pattern"] = @"\S" },
        _ => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["maxLength"] = 2000 },
    };

    private static JsonNode? DefaultOf(Input input) => input.Default switch
    {
        bool flag => flag,
        int number => number,
        double number => number,
        TimeSpan span => span.TotalSeconds,
        Enum choice => Input.Snake(choice.ToString()),
        string { Length: > 0 } text => text,
        IReadOnlyList<string> { Count: > 0 } several => Names(several),
        _ => null,
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => (JsonNode?)n)]);
}
