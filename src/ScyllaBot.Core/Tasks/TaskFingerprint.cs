using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ScyllaBot.Core.Tasks;

/// <summary>
/// What a task or condition is to a stored job (R30): its tag, what it does to a node, its version, and the shape of its inputs. A new version of the
/// bot in which one of these differs may do something else than what was approved.
/// </summary>
public static class TaskFingerprint
{
    private const int Length = 16;

    public static string Of(Type type)
    {
        var tag = TagAttribute.Of(type);
        var text = new StringBuilder(FormattableString.Invariant($"{tag.Name} {tag.Version} {tag.Direction} {tag.Risk} {tag.Interruptible}\n"));
        foreach (var input in Input.AllOf(type).OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            text.Append(FormattableString.Invariant($"{input.Name} {Shape(input.Property.PropertyType)} {input.Required} {Spelt(input.Default)}\n"));
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }

    /// <summary>Every task and condition within a workflow, its steps or any part of it: tag → fingerprint.</summary>
    public static ImmutableSortedDictionary<string, string> Within(params IEnumerable<object?> parts)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            Walk(part, found);
        }

        return found.ToImmutable();
    }

    private static void Walk(object? value, ImmutableSortedDictionary<string, string>.Builder found)
    {
        if (value is null or string)
        {
            return;
        }

        if (value is IEnumerable list)
        {
            foreach (var item in list)
            {
                Walk(item, found);
            }

            return;
        }

        var type = value.GetType();
        if (type.IsDefined(typeof(TagAttribute)))
        {
            found[TagAttribute.Of(type).Name] = Of(type);
        }

        // Steps, waits, macros: whatever holds tasks is a record of the domain, and tasks hold conditions.
        if (type.IsClass && (type.Namespace?.StartsWith("ScyllaBot.", StringComparison.Ordinal) ?? false))
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
            {
                Walk(property.GetValue(value), found);
            }
        }
    }

    private static string Shape(Type type) => type.IsGenericType
        ? $"{type.Name}<{string.Join(',', type.GenericTypeArguments.Select(Shape))}>"
        : type.IsEnum ? $"{type.Name}({string.Join('|', Enum.GetNames(type))})" : type.Name;

    private static string Spelt(object? value) => value is IEnumerable and not string ? "list" : Input.Spell(value);
}
