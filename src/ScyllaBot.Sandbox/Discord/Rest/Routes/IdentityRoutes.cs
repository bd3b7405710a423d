using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Gateway;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>Who the bot is, where the gateway is, and direct-message channels.</summary>
internal static class IdentityRoutes
{
    public static IEnumerable<ApiRoute> All =>
        [
            new("GET", "/gateway", RouteLimit.None, call => ApiReply.Ok(new JsonObject { ["url"] = Socket(call) })) { NeedsBot = false },
            new("GET", "/gateway/bot", RouteLimit.Own, GatewayBot),
            new("GET", "/users/@me", RouteLimit.Own, _ => ApiReply.Ok(GatewayGreeting.BotUser())),
            new("GET", "/users/@me/guilds", RouteLimit.Own, _ => ApiReply.Ok(new JsonArray(PartialGuild()))),
            new("POST", "/users/@me/channels", RouteLimit.Own, OpenDirect),
            new("GET", "/users/{user}", RouteLimit.Own, User),
            new("GET", "/applications/@me", RouteLimit.Own, _ => ApiReply.Ok(Application())),
            new("GET", "/oauth2/applications/@me", RouteLimit.Own, _ => ApiReply.Ok(Application())),
        ];

    private static string Socket(ApiCall call) => GatewayGreeting.Socket(call.World, "/gateway");

    private static ApiReply GatewayBot(ApiCall call) =>
        ApiReply.Ok(
            new JsonObject
            {
                ["url"] = Socket(call),
                ["shards"] = 1,
                ["session_start_limit"] = new JsonObject
                {
                    ["max_concurrency"] = 1,
                    ["remaining"] = call.World.Sessions.StartsLeft,
                    ["reset_after"] = (long)call.World.Sessions.StartsReset.TotalMilliseconds,
                    ["total"] = GatewaySessions.StartsPerDay,
                },
            }
        );

    private static ApiReply User(ApiCall call) => ApiReply.Ok((Person.Find(call.Id("user")) ?? throw ApiError.UnknownUser()).User());

    private static ApiReply OpenDirect(ApiCall call)
    {
        var form = new Form(new FormErrors(), call.Body, "");
        var recipient = form.Id("recipient_id", required: true);
        form.Errors.ThrowIfAny();
        var person = Person.Find(recipient) ?? throw ApiError.UnknownUser();
        return person.Bot ? throw ApiError.CannotMessageUser() : ApiReply.Ok(call.World.Channels.DirectWith(person.Id).Json());
    }

    private static JsonObject PartialGuild() =>
        new()
        {
            ["id"] = Known.Guild.ToString(),
            ["name"] = "ScyllaBot sandbox",
            ["icon"] = null,
            ["banner"] = null,
            ["owner"] = false,
            ["permissions"] = Person.TheBot.Permissions.ToString(),
            ["features"] = new JsonArray(),
        };

    /// <summary>PrivateApplicationResponse.</summary>
    private static JsonObject Application() =>
        new()
        {
            ["id"] = Known.Application.ToString(),
            ["name"] = "ScyllaBot",
            ["icon"] = null,
            ["description"] = "",
            ["type"] = null,
            ["verify_key"] = new string('0', 64),
            ["flags"] = 8_953_856,
            ["flags_new"] = "8953856",
            ["bot"] = Person.TheBot.User(),
            ["bot_public"] = false,
            ["bot_require_code_grant"] = false,
            ["redirect_uris"] = new JsonArray(),
            ["interactions_endpoint_url"] = null,
            ["role_connections_verification_url"] = null,
            ["owner"] = Person.All[0].User(),
            ["approximate_guild_count"] = 1,
            ["approximate_user_install_count"] = 0,
            ["approximate_user_authorization_count"] = 0,
            ["explicit_content_filter"] = 0,
            ["team"] = null,
            ["eligible_oauth2_scopes"] = new JsonArray(),
        };
}
