using System.Text;

namespace ScyllaBot.Core.Tasks;

/// <summary>Inputs as a table of a generated page.</summary>
public static class InputTable
{
    internal static void Append(StringBuilder page, ImmutableArray<Input> inputs)
    {
        page.Append("| Input | Value | Default | |\n|---|---|---|---|\n");
        foreach (var input in inputs)
        {
            var otherwise = input.Required ? "required" : input.Default is { } value and not System.Collections.ICollection && IsRecord(value.GetType()) ? "its own defaults" : Cell(Input.Spell(input.Default));
            page.Append($"| `{input.Name}` | {Shape(input)} | {otherwise} | {Cell(input.Description)} |\n");
        }
    }

    private static string Shape(Input input) => Cell(ShapeOf(input));

    /// <summary>What a value must be, in words.</summary>
    public static string ShapeOf(Input input) =>
        (input.ItemType is { } item ? (input.TakesOne ? "one or a list of " : "list of ") + Name(item) : Name(input.Type))
            + (input.Choices.IsEmpty ? "" : ": " + string.Join(", ", input.Choices))
            + (input.Range is { } range ? $", {Spelt(range, range.Minimum)} to {Spelt(range, range.Maximum)}" : "")
            + (input.Pattern is { } pattern ? $", `{pattern}`" : "")
            + (input.MinCount > 0 ? $", at least {input.MinCount}" : "");

    /// <summary>A range of durations holds their text until it is first used.</summary>
    private static string Spelt(RangeAttribute range, object bound) => Input.Spell(
        range.OperandType == typeof(TimeSpan) && bound is string text
            ? TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : bound);

    private static string Name(Type type)
    {
        var name = type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
        return Input.MapOf(type) is { } mapped ? $"names, each with {(Input.ItemOf(mapped) is { } item ? "a list of " + Words(item.Name) : Name(mapped))}"
            : name == nameof(Workflows.Criterion<object>) ? "`condition: !…`"
            : IsRecord(type) && name.EndsWith("Entry", StringComparison.Ordinal) ? $"`{Input.Snake(name[..^"Entry".Length])}`"
            : type == typeof(TimeSpan) ? "seconds"
            : type == typeof(string) ? "text"
            : type == typeof(int) ? "integer"
            : type == typeof(double) ? "number"
            : type == typeof(bool) ? "true or false"
            : type.IsEnum ? "one of"
            : name.StartsWith('I') && type.IsInterface ? Words(name[1..]) : Words(name);
    }

    private static bool IsRecord(Type type) => type is { IsClass: true, IsGenericType: false } && type != typeof(string) && type.Assembly == typeof(InputTable).Assembly;

    public static string Words(object name) => Input.Snake(name.ToString()!).Replace('_', ' ');

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
