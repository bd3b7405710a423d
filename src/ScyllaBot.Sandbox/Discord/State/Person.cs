using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>A user and guild member. <paramref name="Title"/> is what the page calls the person.</summary>
internal sealed record Person(ulong Id, string Name, string Display, string Title, bool Bot, params ulong[] Roles)
{
    public const string JoinedAt = "2023-04-24T10:07:17.011000+00:00";

    public static IReadOnlyList<Person> All { get; } =
    [
        new(Known.Mara, "mara", "Mara", "operator", Bot: false, Known.Operator),
        new(Known.Jon, "jon", "Jon", "approver", Bot: false, Known.Operator, Known.Approver, Known.OnCall),
        new(Known.Lena, "lena", "Lena", "approver", Bot: false, Known.Operator, Known.Approver),
        new(Known.Kim, "kim", "Kim", "bystander", Bot: false),
        new(Known.Bot, "scyllabot", "ScyllaBot", "bot", Bot: true, Known.BotRole),
    ];

    public static Person TheBot => All[^1];

    public ulong Permissions =>
        Role.Everyone.Permissions
        | Roles.Select(id => Role.All.First(role => role.Id == id).Permissions).Aggregate(0UL, (all, bits) => all | bits);

    public static Person? Find(ulong? id) => All.FirstOrDefault(person => person.Id == id);

    /// <summary>UserResponse of the OpenAPI description.</summary>
    public JsonObject User()
    {
        var user = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["username"] = Name,
            ["avatar"] = null,
            ["discriminator"] = Bot ? "0042" : "0",
            ["public_flags"] = 0,
            ["flags"] = 0,
            ["banner"] = null,
            ["accent_color"] = null,
            ["global_name"] = Bot ? null : Display,
            ["avatar_decoration_data"] = null,
            ["collectibles"] = null,
            ["primary_guild"] = null,
        };
        if (Bot)
        {
            user["bot"] = true;
        }

        return user;
    }

    /// <summary>GuildMemberResponse; gateway messages carry it without the user.</summary>
    public JsonObject Member(bool withUser = true)
    {
        var member = new JsonObject
        {
            ["avatar"] = null,
            ["banner"] = null,
            ["communication_disabled_until"] = null,
            ["flags"] = 0,
            ["joined_at"] = JoinedAt,
            ["nick"] = null,
            ["pending"] = false,
            ["premium_since"] = null,
            ["roles"] = new JsonArray([.. Roles.Select(role => (JsonNode)role.ToString())]),
            ["mute"] = false,
            ["deaf"] = false,
        };
        if (withUser)
        {
            member["user"] = User();
        }

        return member;
    }

    /// <summary>
    /// The member of an interaction: with user and the permissions in its channel (docs: Receiving and Responding, Interaction
    /// Structure).
    /// </summary>
    public JsonObject InteractionMember()
    {
        var member = Member();
        member["permissions"] = Permissions.ToString();
        return member;
    }
}
