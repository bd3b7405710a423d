using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>A subcommand of <c>/scp</c> with its options as text.</summary>
/// <param name="Name">Such as <c>run</c>.</param>
/// <param name="Focused">The option being completed; empty outside completion.</param>
internal sealed record CommandCall(string Name, ImmutableSortedDictionary<string, string> Options, string Focused)
{
    private const int LongestValue = 2000;

    /// <summary>The person behind a user option, with the roles that Discord says they have here; null when there is none.</summary>
    public (Person Person, ImmutableArray<string> RoleIds)? User { get; init; }

    /// <returns>Null when it is not a subcommand of ours.</returns>
    public static CommandCall? TryParse(JsonElement data)
    {
        if (data.Text("name") != CommandDefinition.Name)
        {
            return null;
        }

        var sub = data.Items("options").FirstOrDefault(o => o.Int("type") == 1);
        if (sub.Text("name") is not { Length: > 0 } name)
        {
            return null;
        }

        var options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var focused = "";
        foreach (var option in sub.Items("options"))
        {
            options[option.Text("name")] = Markup.Cut(Value(option), LongestValue);
            if (option.Part("focused") is { ValueKind: JsonValueKind.True })
            {
                focused = option.Text("name");
            }
        }

        return new CommandCall(name, options.ToImmutable(), focused) { User = Chosen(data, options.GetValueOrDefault("user", "")) };
    }

    private static (Person Person, ImmutableArray<string> RoleIds)? Chosen(JsonElement data, string id) =>
        id.Length > 0 && data.Part("resolved") is { } resolved && resolved.Part("users") is { } users && users.Part(id) is { } user
        && resolved.Part("members") is { } members && members.Part(id) is { } member
            ? (new Person(user.Text("id"), Markup.Cut(user.Text("username"), 64)),
                [.. member.Items("roles").Where(r => r.ValueKind == JsonValueKind.String).Select(r => r.GetString()!)])
            : null;

    public string Text(string name) => Options.GetValueOrDefault(name, "").Trim();

    public bool Flag(string name) => string.Equals(Text(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>For the audit.</summary>
    public override string ToString() =>
        Markup.Cut($"/{CommandDefinition.Name} {Name} {string.Join(' ', Options.Select(o => $"{o.Key}:{o.Value}"))}".TrimEnd(), 500);

    private static string Value(JsonElement option) => option.Part("value") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => other.GetRawText(),
        null => "",
    };
}
