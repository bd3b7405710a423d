using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>A request that passed the front door, with what routes look up all the time.</summary>
internal sealed class ApiCall(DiscordWorld world, HttpContext context, RequestBody body)
{
    public DiscordWorld World { get; } = world;

    public IReadOnlyList<UploadedFile> Files => body.Files;

    /// <summary>The body as an object; another kind of JSON is a form error.</summary>
    public JsonObject Body =>
        body.Json switch
        {
            JsonObject map => map,
            null => [],
            _ => throw new FormErrors().Add("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType").Error(),
        };

    /// <summary>The body as a list of objects.</summary>
    public JsonArray BodyList =>
        body.Json as JsonArray ?? throw new FormErrors().Add("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType").Error();

    public string Route(string name) => context.GetRouteValue(name)?.ToString() ?? "";

    /// <summary>A snowflake of the path; anything else is a form error, as with Discord.</summary>
    public ulong Id(string name) =>
        JsonReading.Id(Route(name))
        ?? throw new FormErrors().Add(name + "_id", "NUMBER_TYPE_COERCE", $"Value \"{Cut(Route(name))}\" is not snowflake.").Error();

    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Booleans of a query: true, True or 1.</summary>
    public bool Flag(string name) => Query(name) is "1" or "true" or "True";

    /// <summary>The channel of the path, if the bot may see it.</summary>
    public Channel Channel(string name = "channel")
    {
        var channel = World.Channels.Find(Id(name)) ?? throw ApiError.UnknownChannel();
        return channel.Denied == 50001 ? throw ApiError.MissingAccess() : channel;
    }

    /// <summary>The channel of the path, if the bot may write to it.</summary>
    public Channel Writable()
    {
        var channel = Channel();
        return channel.Denied is not null ? throw ApiError.MissingPermissions()
            : channel.HoldsMessages ? channel
            : throw ApiError.NotText();
    }

    /// <summary>The message of the path; ephemeral ones exist for their interaction's routes only.</summary>
    public Message Message(Channel channel) =>
        channel.Find(Id("message")) is { IsEphemeral: false } message ? message : throw ApiError.UnknownMessage();

    public void RequireApplication()
    {
        if (Id("application") != Known.Application)
        {
            throw new ApiError(403, 20012, "You are not authorized to perform this action on this application");
        }
    }

    public void RequireGuild()
    {
        if (Id("guild") != Known.Guild)
        {
            throw ApiError.UnknownGuild();
        }
    }

    public JsonObject Print(Message message) => MessageContent.ForBot(message, message.Json(World.Origin, World.Now));

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40];
}

/// <summary>What a route answers: a status, and a body unless the status is 204.</summary>
internal sealed record ApiReply(int Status, JsonNode? Body)
{
    public static ApiReply NoContent { get; } = new(204, null);

    public static ApiReply Ok(JsonNode body) => new(200, body);

    public static ApiReply List(IEnumerable<JsonNode> items) => new(200, new JsonArray([.. items]));
}
