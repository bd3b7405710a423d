using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>Messages of channels (docs: Message).</summary>
internal static class MessageRoutes
{
    private static readonly TimeSpan Old = TimeSpan.FromHours(1);

    private static readonly TimeSpan OldEditWindow = TimeSpan.FromSeconds(6);

    public static IEnumerable<ApiRoute> All =>
        [
            new("POST", "/channels/{channel}/messages", RouteLimit.Channel, Post),
            new("GET", "/channels/{channel}/messages", RouteLimit.ChannelRead, List),
            new("GET", "/channels/{channel}/messages/{message}", RouteLimit.ChannelRead, Get),
            new("PATCH", "/channels/{channel}/messages/{message}", RouteLimit.Channel, Edit),
            new("DELETE", "/channels/{channel}/messages/{message}", RouteLimit.Channel, Delete),
            new("POST", "/channels/{channel}/typing", RouteLimit.Channel, Typing),
        ];

    private static ApiReply Post(ApiCall call)
    {
        var channel = call.Writable();
        if (channel.Thread is { Locked: true })
        {
            throw ApiError.ThreadLocked();
        }

        if (channel.Recipient == Known.Kim)
        {
            throw ApiError.CannotMessageUser();
        }

        var nonce = Nonce(call);
        if (nonce is not null && call.Body.Truth("enforce_nonce") == true && call.World.Nonces.Find(Known.Bot, nonce) is { } first)
        {
            return ApiReply.Ok(call.Print(first));
        }

        var replied = Replied(call, channel);
        var message = new Scribe(call.World).Post(
            new NewMessage(channel, Known.Bot, call.Body, call.Files)
            {
                Type = replied is null ? Message.Default : Message.Reply,
                Reference = replied,
                RepliedTo = replied?.AuthorId,
            }
        );
        if (nonce is not null)
        {
            call.World.Nonces.Remember(Known.Bot, nonce, message);
        }

        return ApiReply.Ok(call.Print(message));
    }

    /// <summary>At most 25 characters, or a whole number.</summary>
    private static string? Nonce(ApiCall call)
    {
        if (call.Body.Whole("nonce") is { } number)
        {
            return number.ToString();
        }

        var form = new Form(new FormErrors(), call.Body, "");
        var nonce = form.Text("nonce", 25);
        form.Truth("enforce_nonce");
        form.Errors.ThrowIfAny();
        return nonce;
    }

    private static Message? Replied(ApiCall call, Channel channel)
    {
        if (call.Body.Map("message_reference") is not { } reference)
        {
            return null;
        }

        var found = channel.Find(reference.Id("message_id"));
        return found is not null || reference.Truth("fail_if_not_exists") == false
            ? found
            : throw new FormErrors().Add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message").Error();
    }

    private static ApiReply List(ApiCall call)
    {
        var errors = new FormErrors();
        var limit =
            call.Query("limit") is not { } text ? 50
            : int.TryParse(text, out var number) && number is >= 1 and <= 100 ? number
            : 0;
        if (limit == 0)
        {
            throw errors.Add("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.").Error();
        }

        var all = call.Channel().Messages.Where(message => !message.IsEphemeral).ToList();
        IEnumerable<Message> chosen = all.TakeLast(limit);
        if (JsonReading.Id(call.Query("around")) is { } around)
        {
            chosen = all.Where(message => message.Id < around)
                .TakeLast(limit / 2)
                .Concat(all.Where(message => message.Id >= around).Take(limit - (limit / 2)));
        }
        else if (JsonReading.Id(call.Query("before")) is { } before)
        {
            chosen = all.Where(message => message.Id < before).TakeLast(limit);
        }
        else if (JsonReading.Id(call.Query("after")) is { } after)
        {
            chosen = all.Where(message => message.Id > after).Take(limit);
        }

        return ApiReply.List(chosen.Reverse().Select(call.Print));
    }

    private static ApiReply Get(ApiCall call) => ApiReply.Ok(call.Print(call.Message(call.Channel())));

    private static ApiReply Edit(ApiCall call)
    {
        var channel = call.Channel();
        var message = call.Message(channel);
        if (message.AuthorId != Known.Bot || (message.WebhookId is not null && message.WebhookId != Known.Application))
        {
            throw ApiError.NotOurMessage();
        }

        if (message.Type is Message.Pin or Message.ThreadCreated or Message.ThreadStarter)
        {
            throw ApiError.SystemMessage();
        }

        if (channel.Thread is { Archived: true })
        {
            throw ApiError.ArchivedThread();
        }

        LimitOldEdits(call, message);
        return ApiReply.Ok(call.Print(new Scribe(call.World).Edit(message, call.Body, call.Files, usersOnly: false)));
    }

    /// <summary>Messages older than an hour: 3 edits per 6 s and channel, not told by any header (facts, B).</summary>
    private static void LimitOldEdits(ApiCall call, Message message)
    {
        if (call.World.Now - message.At < Old)
        {
            return;
        }

        var standing = call.World.Limits.Take("old-edits", message.Channel.Id.ToString(), 3, OldEditWindow);
        if (!standing.Fits)
        {
            throw new TooManyRequests(
                standing.ResetAfter,
                "user",
                null,
                30046,
                "Maximum number of edits to messages older than 1 hour reached. Try again later."
            );
        }
    }

    private static ApiReply Delete(ApiCall call)
    {
        var message = call.Message(call.Channel());
        if (message.AuthorId != Known.Bot)
        {
            throw ApiError.MissingPermissions();
        }

        new Scribe(call.World).Delete(message);
        return ApiReply.NoContent;
    }

    private static ApiReply Typing(ApiCall call)
    {
        _ = call.Writable();
        return ApiReply.NoContent;
    }
}
