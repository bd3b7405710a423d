namespace ScyllaBot.Discord.Rest;

/// <summary>Who a message may ping: nobody but these. Discord forgets it, so every create and every edit carries it.</summary>
/// <param name="Users">Ids, at most 100 are sent.</param>
/// <param name="Roles">Ids, at most 100 are sent.</param>
public sealed record AllowedMentions(ImmutableArray<string> Users, ImmutableArray<string> Roles)
{
    public static readonly AllowedMentions None = new([], []);

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["parse"] = new JsonArray() };
        Add(json, "users", Users);
        Add(json, "roles", Roles);
        return json;
    }

    private static void Add(JsonObject json, string name, ImmutableArray<string> ids)
    {
        if (ids.Length > 0)
        {
            json[name] = new JsonArray([.. ids.Distinct(StringComparer.Ordinal).Take(100).Select(id => JsonValue.Create(id))]);
        }
    }
}
