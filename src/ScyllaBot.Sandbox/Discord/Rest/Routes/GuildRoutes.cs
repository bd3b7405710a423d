using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Gateway;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>The guild, its channels, roles and members (docs: Guild).</summary>
internal static class GuildRoutes
{
    public static IEnumerable<ApiRoute> All =>
        [
            new("GET", "/guilds/{guild}", RouteLimit.Guild, call => Within(call, () => ApiReply.Ok(GatewayGreeting.Guild()))),
            new(
                "GET",
                "/guilds/{guild}/channels",
                RouteLimit.Guild,
                call =>
                    Within(
                        call,
                        () =>
                            ApiReply.List(
                                call.World.Channels.All.Where(channel => !channel.IsDirect && !channel.IsThread)
                                    .Select(channel => channel.Json())
                            )
                    )
            ),
            new(
                "GET",
                "/guilds/{guild}/roles",
                RouteLimit.Guild,
                call => Within(call, () => ApiReply.List(Role.All.Select(role => role.Json())))
            ),
            new(
                "GET",
                "/guilds/{guild}/roles/{role}",
                RouteLimit.Guild,
                call => Within(call, () => ApiReply.Ok((Role.Find(call.Id("role")) ?? throw ApiError.UnknownRole()).Json()))
            ),
            new(
                "GET",
                "/guilds/{guild}/members/{user}",
                RouteLimit.Guild,
                call => Within(call, () => ApiReply.Ok((Person.Find(call.Id("user")) ?? throw ApiError.UnknownMember()).Member()))
            ),
            // Listing members needs the privileged GUILD_MEMBERS intent, which this application does not have.
            new("GET", "/guilds/{guild}/members", RouteLimit.Guild, call => Within(call, () => throw ApiError.MissingAccess())),
            new(
                "GET",
                "/guilds/{guild}/threads/active",
                RouteLimit.Guild,
                call =>
                    Within(
                        call,
                        () =>
                            ApiReply.Ok(
                                new JsonObject
                                {
                                    ["threads"] = ApiReply
                                        .List(
                                            call.World.Channels.Threads.Where(thread => !thread.Thread!.Archived)
                                                .Select(thread => thread.Json())
                                        )
                                        .Body,
                                    ["members"] = new JsonArray(),
                                }
                            )
                    )
            ),
        ];

    private static ApiReply Within(ApiCall call, Func<ApiReply> answer)
    {
        call.RequireGuild();
        return answer();
    }
}
