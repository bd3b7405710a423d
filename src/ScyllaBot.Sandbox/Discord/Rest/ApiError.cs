using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>An answer of Discord that is an error: HTTP status, JSON code and message, and for 50035 the tree of form errors.</summary>
internal sealed class ApiError(int status, int code, string message, JsonObject? errors = null) : Exception(message)
{
    public int Status { get; } = status;

    public JsonObject Json()
    {
        var json = new JsonObject { ["message"] = Message, ["code"] = code };
        if (errors is not null)
        {
            json["errors"] = errors.DeepClone();
        }

        return json;
    }

    public static ApiError NotFound() => new(404, 0, "404: Not Found");

    public static ApiError WrongMethod() => new(405, 0, "405: Method Not Allowed");

    public static ApiError Unauthorized() => new(401, 0, "401: Unauthorized");

    public static ApiError BadUserAgent() => new(403, 40333, "internal network error");

    public static ApiError UnknownChannel() => new(404, 10003, "Unknown Channel");

    public static ApiError UnknownGuild() => new(404, 10004, "Unknown Guild");

    public static ApiError UnknownMember() => new(404, 10007, "Unknown Member");

    public static ApiError UnknownMessage() => new(404, 10008, "Unknown Message");

    public static ApiError UnknownRole() => new(404, 10011, "Unknown Role");

    public static ApiError UnknownUser() => new(404, 10013, "Unknown User");

    public static ApiError UnknownWebhook() => new(404, 10015, "Unknown Webhook");

    public static ApiError UnknownInteraction() => new(404, 10062, "Unknown interaction");

    public static ApiError UnknownCommand() => new(404, 10063, "Unknown application command");

    public static ApiError AlreadyAcknowledged() => new(400, 40060, "Interaction has already been acknowledged.");

    public static ApiError MissingAccess() => new(403, 50001, "Missing Access");

    public static ApiError MissingPermissions() => new(403, 50013, "Missing Permissions");

    public static ApiError NotOurMessage() => new(403, 50005, "Cannot edit a message authored by another user");

    public static ApiError EmptyMessage() => new(400, 50006, "Cannot send an empty message");

    public static ApiError CannotMessageUser() => new(403, 50007, "Cannot send messages to this user");

    public static ApiError NotText() => new(400, 50008, "Cannot send messages in a non-text channel");

    public static ApiError InvalidWebhookToken() => new(401, 50027, "Invalid Webhook Token");

    public static ApiError SystemMessage() => new(403, 50021, "Cannot execute action on a system message");

    public static ApiError ArchivedThread() => new(400, 50083, "Thread is archived");

    public static ApiError ThreadExists() => new(400, 160004, "A thread has already been created for this message");

    public static ApiError ThreadLocked() => new(400, 160005, "Thread is locked");

    public static ApiError TooManyThreads() => new(400, 160006, "Maximum number of active threads reached");

    public static ApiError TooManyWebhooks() => new(400, 30007, "Maximum number of webhooks reached (15)");

    public static ApiError TooManyPins() => new(400, 30003, "Maximum number of pins reached for the channel (250)");

    public static ApiError NotJson() => new(400, 50109, "The request body contains invalid JSON.");

    public static ApiError TooLarge() => new(413, 40005, "Request entity too large");
}
