using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ScyllaBot.Core.Tasks;

/// <summary>An init property of a task, condition or step, as YAML, chat, command line and docs show it.</summary>
/// <param name="Name">By the one naming rule.</param>
/// <param name="Default">What it is when not given; null for none.</param>
public sealed record Input(string Name, PropertyInfo Property, bool Required, object? Default, string Description)
{
    // A type never changes, and a large cluster binds the same records for every node.
    private static readonly ConcurrentDictionary<Type, ImmutableArray<Input>> Known = new();

    /// <summary>What a value must be; without the question mark.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>The type of a list's items; null when it is no list.</summary>
    public Type? ItemType => ItemOf(Type);

    /// <value>Null when any number will do.</value>
    public RangeAttribute? Range => Property.GetCustomAttribute<RangeAttribute>();

    /// <value>Must match from end to end; null when any text will do.</value>
    public string? Pattern => Property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern;

    /// <summary>A list that may be written as its only item.</summary>
    public bool TakesOne => Property.IsDefined(typeof(OneOrManyAttribute));

    public int MinCount => Property.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0;

    /// <summary>Spellings of an enum's values; empty for everything else.</summary>
    public ImmutableArray<string> Choices => ChoicesOf(ItemType ?? Type);

    /// <summary>The one naming rule: snake_case, and a duration carries its unit.</summary>
    public static string NameOf(string property, Type type) =>
        Snake(property) + ((Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan) ? "_seconds" : "");

    public static string Snake(string name) =>
        string.Concat(name.Select((c, i) => (i > 0 && char.IsUpper(c) ? "_" : "") + char.ToLowerInvariant(c)));

    /// <summary>Inputs of a type, in the order they are written.</summary>
    /// <exception cref="InvalidOperationException">One has no description: a mistake of its author.</exception>
    public static ImmutableArray<Input> AllOf(Type type) => Known.GetOrAdd(type, ReadAll);

    private static ImmutableArray<Input> ReadAll(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite).OrderBy(p => p.MetadataToken).ToArray();
        var plain = properties.Length == 0 ? null : Activator.CreateInstance(type);
        return [.. properties.Select(p => new Input(
            NameOf(p.Name, p.PropertyType), p, p.IsDefined(typeof(RequiredMemberAttribute)), p.GetValue(plain),
            p.GetCustomAttribute<DescriptionAttribute>()?.Description
                ?? throw new InvalidOperationException($"{type.Name}.{p.Name} has no [Description]")))];
    }

    internal static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GenericTypeArguments[0] : null;

    /// <summary>The type of a map's values, which are named by text; null when it is no map.</summary>
    internal static Type? MapOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GenericTypeArguments[1] : null;

    internal static ImmutableArray<string> ChoicesOf(Type type) => type.IsEnum ? [.. Enum.GetNames(type).Select(Snake)] : [];

    /// <summary>A value as a workflow would spell it.</summary>
    public static string Spell(object? value) => value switch
    {
        null => "none",
        TimeSpan duration => duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Enum choice => Snake(choice.ToString()),
        string text => text.Length == 0 ? "empty" : text,
        System.Collections.ICollection { Count: 0 } => "empty",
        IEnumerable<string> several => string.Join(", ", several),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
