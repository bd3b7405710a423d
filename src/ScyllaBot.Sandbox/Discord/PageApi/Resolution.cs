using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>Fills <c>resolved</c>: the objects behind the ids that a human chose. Each says whether the id exists.</summary>
internal static class Resolution
{
    public static bool User(JsonObject resolved, ulong? id)
    {
        if (Person.Find(id) is not { } person)
        {
            return false;
        }

        Under(resolved, "users")[person.Id.ToString()] = person.User();
        var member = person.Member(withUser: false);
        member["permissions"] = person.Permissions.ToString();
        Under(resolved, "members")[person.Id.ToString()] = member;
        return true;
    }

    public static bool Role(JsonObject resolved, ulong? id)
    {
        if (State.Role.Find(id) is not { } role)
        {
            return false;
        }

        Under(resolved, "roles")[role.Id.ToString()] = role.Json();
        return true;
    }

    public static bool Channel(JsonObject resolved, ulong? id)
    {
        var names = new Dictionary<ulong, string>
        {
            [Known.Ops] = "ops",
            [Known.Staging] = "staging",
            [Known.InfraDoing] = "infra-doing",
            [Known.OnCallChannel] = "oncall",
        };
        if (id is not { } known || !names.TryGetValue(known, out var name))
        {
            return false;
        }

        Under(resolved, "channels")[known.ToString()] = new JsonObject
        {
            ["id"] = known.ToString(),
            ["name"] = name,
            ["type"] = 0,
            ["permissions"] = Permission.Everyone.ToString(),
            ["parent_id"] = Known.Category.ToString(),
        };
        return true;
    }

    private static JsonObject Under(JsonObject resolved, string kind)
    {
        if (resolved[kind] is not JsonObject map)
        {
            resolved[kind] = map = [];
        }

        return map;
    }
}
