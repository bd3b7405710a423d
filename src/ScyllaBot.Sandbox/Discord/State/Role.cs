using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>A guild role.</summary>
internal sealed record Role(ulong Id, string Name, ulong Permissions, int Position, int Color, bool Mentionable, bool Managed = false)
{
    public static IReadOnlyList<Role> All { get; } =
    [
        new(Known.Guild, "@everyone", Permission.Everyone, 0, 0, Mentionable: false),
        new(Known.Reader, "reader", 0, 1, 0x95A5A6, Mentionable: false),
        new(Known.Operator, "operator", 0, 2, 0x3498DB, Mentionable: false),
        new(Known.Approver, "approver", 0, 3, 0x2ECC71, Mentionable: false),
        new(Known.OnCall, "on-call", 0, 4, 0xE67E22, Mentionable: true),
        new(Known.BotRole, "ScyllaBot", Permission.OfBot, 5, 0, Mentionable: false, Managed: true),
    ];

    public static Role Everyone => All[0];

    public static Role? Find(ulong? id) => All.FirstOrDefault(role => role.Id == id);

    /// <summary>GuildRoleResponse of the OpenAPI description.</summary>
    public JsonObject Json()
    {
        var role = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["name"] = Name,
            ["description"] = null,
            ["permissions"] = Permissions.ToString(),
            ["position"] = Position,
            ["color"] = Color,
            ["colors"] = new JsonObject
            {
                ["primary_color"] = Color,
                ["secondary_color"] = null,
                ["tertiary_color"] = null,
            },
            ["hoist"] = false,
            ["managed"] = Managed,
            ["mentionable"] = Mentionable,
            ["icon"] = null,
            ["unicode_emoji"] = null,
            ["flags"] = 0,
        };
        if (Managed)
        {
            role["tags"] = new JsonObject { ["bot_id"] = Known.Bot.ToString() };
        }

        return role;
    }
}
