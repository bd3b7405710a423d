namespace ScyllaBot.Core.Tasks;

/// <summary>Every task and condition, read once by reflection. YAML, command line, chat and docs are projections of it.</summary>
public sealed partial class TaskCatalog
{
    private readonly ImmutableSortedDictionary<string, Definition> _byTag;

    /// <exception cref="InvalidOperationException">Mistakes of authors, all of them, one a line.</exception>
    public TaskCatalog(IEnumerable<Type> types)
    {
        var mistakes = new List<string>();
        var found = ImmutableSortedDictionary.CreateBuilder<string, Definition>(StringComparer.Ordinal);
        foreach (var type in types.Where(t => t.IsDefined(typeof(TagAttribute), inherit: false)))
        {
            var tag = TagAttribute.Of(type);
            var wrong = Definition.MistakesOf(type, tag).ToArray();
            mistakes.AddRange(wrong);
            if (wrong.Length == 0)
            {
                Add(found, tag, type, mistakes);
            }
        }

        if (mistakes.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', mistakes));
        }

        _byTag = found.ToImmutable();
    }

    /// <summary>What this assembly offers.</summary>
    public static TaskCatalog Core { get; } = new(typeof(TaskCatalog).Assembly.GetTypes());

    /// <summary>By tag, ordinal.</summary>
    public IEnumerable<Definition> All => _byTag.Values;

    public IEnumerable<Definition> Tasks => All.Where(d => d.IsTask);

    public IEnumerable<Definition> Conditions => All.Where(d => !d.IsTask);

    /// <param name="tag">Without the exclamation mark.</param>
    public Definition? Find(string tag) => _byTag.GetValueOrDefault(tag);

    /// <returns>The tag that was probably meant.</returns>
    public string? NearestTag(string tag) => Nearest.To(tag, _byTag.Keys);

    private static void Add(ImmutableSortedDictionary<string, Definition>.Builder found, TagAttribute tag, Type type, List<string> mistakes)
    {
        if (found.TryGetValue(tag.Name, out var other))
        {
            mistakes.Add($"{type.Name} and {other.Type.Name} have the same tag {tag.Name}");
            return;
        }

        try
        {
            found.Add(tag.Name, new Definition(tag, type, Input.AllOf(type)));
        }
        catch (InvalidOperationException mistake)
        {
            mistakes.Add(mistake.Message);
        }
    }
}
