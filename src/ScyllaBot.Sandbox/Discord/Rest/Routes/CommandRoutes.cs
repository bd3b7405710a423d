using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Rest.Rules;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>Application commands, global and of the guild (docs: Application Commands, Endpoints).</summary>
internal static class CommandRoutes
{
    private const string Global = "/applications/{application}/commands";

    private const string InGuild = "/applications/{application}/guilds/{guild}/commands";

    public static IEnumerable<ApiRoute> All =>
        new[] { Global, InGuild }.SelectMany(path =>
            new ApiRoute[]
            {
                new("GET", path, RouteLimit.Application, List),
                new("PUT", path, RouteLimit.Application, Replace),
                new("POST", path, RouteLimit.Application, Create),
                new("GET", path + "/{command}", RouteLimit.Application, call => ApiReply.Ok(Find(call).DeepClone())),
                new("PATCH", path + "/{command}", RouteLimit.Application, Patch),
                new("DELETE", path + "/{command}", RouteLimit.Application, Delete),
            }
        );

    /// <summary>Null for the global commands, else the guild.</summary>
    private static ulong? Scope(ApiCall call)
    {
        call.RequireApplication();
        if (call.Route("guild").Length == 0)
        {
            return null;
        }

        call.RequireGuild();
        return Known.Guild;
    }

    private static JsonObject Find(ApiCall call)
    {
        var id = call.Id("command");
        return call.World.Commands.In(Scope(call)).FirstOrDefault(command => command.Id("id") == id) ?? throw ApiError.UnknownCommand();
    }

    private static ApiReply List(ApiCall call) => ApiReply.List(call.World.Commands.In(Scope(call)).Select(command => command.DeepClone()));

    private static ApiReply Replace(ApiCall call)
    {
        var scope = Scope(call);
        var list = call.BodyList;
        CommandRules.CheckAll(list);
        var after = call.World.Commands.Replace(scope, list.Maps());
        call.World.Broadcast.CommandsChanged();
        return ApiReply.List(after.Select(command => command.DeepClone()));
    }

    private static ApiReply Create(ApiCall call)
    {
        var scope = Scope(call);
        Check(call.Body);
        var (command, created) = call.World.Commands.Upsert(scope, call.Body);
        call.World.Broadcast.CommandsChanged();
        return new ApiReply(created ? 201 : 200, command.DeepClone());
    }

    private static ApiReply Patch(ApiCall call)
    {
        var scope = Scope(call);
        var merged = Find(call).DeepClone().AsObject();
        foreach (var (key, value) in call.Body)
        {
            merged[key] = value?.DeepClone();
        }

        merged["id"] = call.Route("command");
        Check(merged);
        var (command, _) = call.World.Commands.Upsert(scope, merged);
        call.World.Broadcast.CommandsChanged();
        return ApiReply.Ok(command.DeepClone());
    }

    private static ApiReply Delete(ApiCall call)
    {
        _ = Find(call);
        call.World.Commands.Remove(Scope(call), call.Id("command"));
        call.World.Broadcast.CommandsChanged();
        return ApiReply.NoContent;
    }

    private static void Check(JsonObject command)
    {
        var form = new Form(new FormErrors(), command, "");
        CommandRules.Check(form);
        form.Errors.ThrowIfAny();
    }
}
