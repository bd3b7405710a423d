namespace ScyllaBot.Core.Tasks;

/// <summary>One task or condition of the catalogue.</summary>
public sealed record Definition(TagAttribute Tag, Type Type, ImmutableArray<Input> Inputs)
{
    public bool IsTask => Tag.IsTask;

    /// <summary>See <see cref="ExampleAttribute"/>; empty when no input is needed.</summary>
    public string Example => (Type.GetCustomAttributes(typeof(ExampleAttribute), inherit: false) is [ExampleAttribute example] ? example.Yaml : "").ReplaceLineEndings("\n").Trim();

    /// <summary>It needs one node to work on; otherwise it fits a node's steps too, by variance.</summary>
    public bool NeedsNode => !(IsTask ? typeof(IClusterTask) : typeof(IClusterCondition)).IsAssignableFrom(Type);

    public string Kind => $"{(NeedsNode ? "node" : "cluster")} {(IsTask ? "task" : "condition")}";

    /// <summary>Titles of what must hold before each attempt; empty for conditions.</summary>
    public ImmutableArray<string> Preconditions => Activator.CreateInstance(Type) switch
    {
        // A cluster task is a node task as well (variance), so the narrower kind comes first.
        IClusterTask task => [.. task.Preconditions.Select(c => c.Title)],
        INodeTask task => [.. task.Preconditions.Select(c => c.Title)],
        _ => [],
    };

    /// <summary>What the author got wrong; empty when all is well.</summary>
    internal static IEnumerable<string> MistakesOf(Type type, TagAttribute tag)
    {
        var kebab = Input.Snake(type.Name).Replace('_', '-');
        if (tag.Name != kebab)
        {
            yield return $"{type.Name}: its tag is {tag.Name}, not {kebab}";
        }

        if (string.IsNullOrWhiteSpace(tag.Title))
        {
            yield return $"{type.Name} has no title";
        }

        if (!type.IsSealed || type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null)
        {
            yield return $"{type.Name} must be sealed and have a constructor without parameters";
        }

        // Variance: whatever is made for a cluster can also be used on a node.
        if (!(tag.IsTask ? typeof(INodeTask) : typeof(INodeCondition)).IsAssignableFrom(type))
        {
            yield return $"{type.Name} is tagged as a {(tag.IsTask ? "task" : "condition")} and is none";
        }
    }
}
