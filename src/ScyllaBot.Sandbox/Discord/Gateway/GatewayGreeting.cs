using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>READY and GUILD_CREATE.</summary>
internal static class GatewayGreeting
{
    /// <summary>
    /// The resume address differs from the first one, as Discord's does, so that a client which ignores it shows in the traffic.
    /// </summary>
    public const string ResumePath = "/gateway/resume";

    public static string Socket(DiscordWorld world, string path) => "ws" + world.Origin["http".Length..] + path;

    public static JsonObject Ready(DiscordWorld world, GatewaySession session, JsonArray? shard)
    {
        var ready = new JsonObject
        {
            ["v"] = 10,
            ["user_settings"] = new JsonObject(),
            ["user"] = BotUser(),
            ["session_type"] = "normal",
            ["session_id"] = session.Id,
            ["resume_gateway_url"] = Socket(world, ResumePath),
            ["relationships"] = new JsonArray(),
            ["private_channels"] = new JsonArray(),
            ["presences"] = new JsonArray(),
            ["guilds"] = new JsonArray(new JsonObject { ["id"] = Known.Guild.ToString(), ["unavailable"] = true }),
            ["guild_join_requests"] = new JsonArray(),
            ["geo_ordered_rtc_regions"] = new JsonArray(),
            ["game_relationships"] = new JsonArray(),
            ["auth"] = new JsonObject(),
            ["application"] = new JsonObject { ["id"] = Known.Application.ToString(), ["flags"] = 8_953_856 },
            ["_trace"] = new JsonArray("[\"gateway-sandbox-1\",{\"micros\":0.0}]"),
        };
        if (shard is not null)
        {
            ready["shard"] = shard.DeepClone();
        }

        return ready;
    }

    /// <summary>UserPIIResponse, which GET /users/@me answers as well.</summary>
    public static JsonObject BotUser()
    {
        var user = Person.TheBot.User();
        user["mfa_enabled"] = false;
        user["locale"] = "en-US";
        user["premium_type"] = 0;
        user["email"] = null;
        user["verified"] = true;
        return user;
    }

    public static JsonObject GuildCreate(DiscordWorld world)
    {
        var guild = Guild();
        guild["joined_at"] = Person.JoinedAt;
        guild["large"] = false;
        guild["unavailable"] = false;
        guild["member_count"] = Person.All.Count;
        guild["members"] = new JsonArray(Person.TheBot.Member());
        guild["channels"] = new JsonArray([
            .. world.Channels.All.Where(channel => !channel.IsThread && !channel.IsDirect).Select(channel => (JsonNode)channel.Json()),
        ]);
        guild["threads"] = new JsonArray([
            .. world.Channels.Threads.Where(thread => !thread.Thread!.Archived).Select(thread => (JsonNode)thread.Json()),
        ]);
        foreach (var empty in new[] { "voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds" })
        {
            guild[empty] = new JsonArray();
        }

        return guild;
    }

    /// <summary>GuildResponse of the OpenAPI description, as far as a bot is told.</summary>
    public static JsonObject Guild() =>
        new()
        {
            ["id"] = Known.Guild.ToString(),
            ["name"] = "ScyllaBot sandbox",
            ["icon"] = null,
            ["description"] = null,
            ["home_header"] = null,
            ["splash"] = null,
            ["discovery_splash"] = null,
            ["features"] = new JsonArray(),
            ["banner"] = null,
            ["owner_id"] = Known.Owner.ToString(),
            ["application_id"] = null,
            ["region"] = "deprecated",
            ["afk_channel_id"] = null,
            ["afk_timeout"] = 300,
            ["system_channel_id"] = null,
            ["system_channel_flags"] = 0,
            ["widget_enabled"] = false,
            ["widget_channel_id"] = null,
            ["verification_level"] = 1,
            ["roles"] = new JsonArray([.. Role.All.Select(role => (JsonNode)role.Json())]),
            ["default_message_notifications"] = 1,
            ["mfa_level"] = 0,
            ["explicit_content_filter"] = 0,
            ["max_presences"] = null,
            ["max_members"] = 500_000,
            ["max_stage_video_channel_users"] = 50,
            ["max_video_channel_users"] = 25,
            ["vanity_url_code"] = null,
            ["premium_tier"] = 0,
            ["premium_subscription_count"] = 0,
            ["preferred_locale"] = "en-US",
            ["rules_channel_id"] = null,
            ["safety_alerts_channel_id"] = null,
            ["public_updates_channel_id"] = null,
            ["premium_progress_bar_enabled"] = false,
            ["premium_progress_bar_enabled_user_settings"] = null,
            ["nsfw"] = false,
            ["nsfw_level"] = 0,
            ["hub_type"] = null,
            ["incidents_data"] = null,
            ["inventory_settings"] = null,
            ["latest_onboarding_question_id"] = null,
            ["emojis"] = new JsonArray(),
            ["stickers"] = new JsonArray(),
        };
}
