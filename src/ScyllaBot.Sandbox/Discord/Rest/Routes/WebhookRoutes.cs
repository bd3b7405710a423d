using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>Webhooks (docs: Webhook). Under the application's id the token is an interaction's.</summary>
internal static class WebhookRoutes
{
    private const string Tokened = "/webhooks/{webhook}/{token}";

    private const string Original = Tokened + "/messages/@original";

    private const string OneMessage = Tokened + "/messages/{message}";

    public static IEnumerable<ApiRoute> All =>
        [
            new("POST", "/channels/{channel}/webhooks", RouteLimit.Channel, Make),
            new("GET", "/channels/{channel}/webhooks", RouteLimit.ChannelRead, List),
            new("GET", "/webhooks/{webhook}", RouteLimit.Own, call => ApiReply.Ok(ById(call).Json(call.World.Origin, withUser: true))),
            new("DELETE", "/webhooks/{webhook}", RouteLimit.Own, call => Drop(call, ById(call))),
            new("GET", Tokened, RouteLimit.Webhook, call => ApiReply.Ok(WithToken(call).Json(call.World.Origin, withUser: false)))
            {
                NeedsBot = false,
            },
            new("DELETE", Tokened, RouteLimit.Webhook, call => Drop(call, WithToken(call))) { NeedsBot = false },
            new("POST", Tokened, RouteLimit.Webhook, call => Ours(call) ? new InteractionWebhook(call).FollowUp() : Execute(call))
            {
                NeedsBot = false,
            },
            .. new[] { Original, OneMessage }.SelectMany(path =>
                new ApiRoute[]
                {
                    new("GET", path, RouteLimit.Webhook, call => Ours(call) ? new InteractionWebhook(call).Get() : Get(call))
                    {
                        NeedsBot = false,
                    },
                    new("PATCH", path, RouteLimit.Webhook, call => Ours(call) ? new InteractionWebhook(call).Edit() : Edit(call))
                    {
                        NeedsBot = false,
                    },
                    new("DELETE", path, RouteLimit.Webhook, call => Ours(call) ? new InteractionWebhook(call).Delete() : Delete(call))
                    {
                        NeedsBot = false,
                    },
                }
            ),
        ];

    private static bool Ours(ApiCall call) => call.Id("webhook") == Known.Application;

    private static Webhook ById(ApiCall call) => call.World.Webhooks.Find(call.Id("webhook")) ?? throw ApiError.UnknownWebhook();

    private static Webhook WithToken(ApiCall call)
    {
        var webhook = ById(call);
        return webhook.Token == call.Route("token") ? webhook : throw ApiError.InvalidWebhookToken();
    }

    private static ApiReply Make(ApiCall call)
    {
        var channel = call.Writable();
        var form = new Form(new FormErrors(), call.Body, "");
        var name = form.Text("name", 80, 1, required: true);
        var forbidden = new[] { "clyde", "discord" }.FirstOrDefault(word =>
            name?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
        );
        if (forbidden is not null)
        {
            form.Refuse("name", "USERNAME_INVALID_CONTAINS", $"Username cannot contain \"{forbidden}\"");
        }

        form.Errors.ThrowIfAny();
        if (call.World.Webhooks.In(channel.Id).Count() >= WebhookBook.PerChannel)
        {
            throw ApiError.TooManyWebhooks();
        }

        return ApiReply.Ok(call.World.Webhooks.Add(channel.Id, name!).Json(call.World.Origin, withUser: true));
    }

    private static ApiReply List(ApiCall call) =>
        ApiReply.List(call.World.Webhooks.In(call.Channel().Id).Select(webhook => webhook.Json(call.World.Origin, withUser: true)));

    private static ApiReply Drop(ApiCall call, Webhook webhook)
    {
        call.World.Webhooks.Remove(webhook.Id);
        return ApiReply.NoContent;
    }

    private static ApiReply Execute(ApiCall call)
    {
        var webhook = WithToken(call);
        var channel = Target(call, webhook);
        LimitByMinute(call, webhook);
        var form = new Form(new FormErrors(), call.Body, "");
        var name = form.Text("username", 80, 1);
        form.Link("avatar_url");
        form.Errors.ThrowIfAny();
        if (call.Body.Text("thread_name") is not null)
        {
            throw new ApiError(400, 220003, "Webhooks can only create threads in forum channels");
        }

        var body = call.Body;
        if (!call.Flag("with_components") && !body.ContainsKey("flags"))
        {
            body.Remove("components");
        }

        var message = new Scribe(call.World).Post(
            new NewMessage(channel, webhook.Id, body, call.Files)
            {
                UsersOnly = true,
                WebhookId = webhook.Id,
                WebhookAuthor = webhook.Author(name, body.Text("avatar_url")),
            }
        );
        return call.Flag("wait") ? ApiReply.Ok(message.Json(call.World.Origin, call.World.Now)) : ApiReply.NoContent;
    }

    /// <summary>About 30 per minute and channel, shared by all its webhooks (facts, B).</summary>
    private static void LimitByMinute(ApiCall call, Webhook webhook)
    {
        var standing = call.World.Limits.Take("webhooks-by-minute", webhook.Channel.ToString(), 30, TimeSpan.FromMinutes(1));
        if (!standing.Fits)
        {
            throw new TooManyRequests(standing.ResetAfter, "shared", null);
        }
    }

    private static Channel Target(ApiCall call, Webhook webhook)
    {
        if (call.Query("thread_id") is not { } wanted)
        {
            return call.World.Channels.Find(webhook.Channel)!;
        }

        var thread = call.World.Channels.Find(JsonReading.Id(wanted));
        return thread?.ParentId == webhook.Channel && thread.IsThread
            ? thread.Thread!.Locked
                ? throw ApiError.ThreadLocked()
                : thread
            : throw ApiError.UnknownChannel();
    }

    private static Message Posted(ApiCall call)
    {
        var webhook = WithToken(call);
        return Target(call, webhook).Find(call.Id("message")) is { } message && message.WebhookId == webhook.Id
            ? message
            : throw ApiError.UnknownMessage();
    }

    private static ApiReply Get(ApiCall call) => ApiReply.Ok(Posted(call).Json(call.World.Origin, call.World.Now));

    private static ApiReply Edit(ApiCall call) =>
        ApiReply.Ok(
            new Scribe(call.World).Edit(Posted(call), call.Body, call.Files, usersOnly: true).Json(call.World.Origin, call.World.Now)
        );

    private static ApiReply Delete(ApiCall call)
    {
        new Scribe(call.World).Delete(Posted(call));
        return ApiReply.NoContent;
    }
}
