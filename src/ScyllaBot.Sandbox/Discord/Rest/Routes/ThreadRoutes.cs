using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>Channels and threads (docs: Channel).</summary>
internal static class ThreadRoutes
{
    private static readonly long[] ArchiveMinutes = [60, 1440, 4320, 10080];

    public static IEnumerable<ApiRoute> All =>
        [
            new("GET", "/channels/{channel}", RouteLimit.ChannelRead, call => ApiReply.Ok(call.Channel().Json())),
            new("PATCH", "/channels/{channel}", RouteLimit.Channel, Patch),
            new("DELETE", "/channels/{channel}", RouteLimit.Channel, Delete),
            new("POST", "/channels/{channel}/messages/{message}/threads", RouteLimit.Channel, OnMessage),
            new("POST", "/channels/{channel}/threads", RouteLimit.Channel, Alone),
            new("PUT", "/channels/{channel}/thread-members/@me", RouteLimit.Channel, call => Joined(call)),
            new("DELETE", "/channels/{channel}/thread-members/@me", RouteLimit.Channel, call => Joined(call)),
        ];

    private static ApiReply OnMessage(ApiCall call)
    {
        var channel = call.Writable();
        RefuseNested(channel);
        var message = call.Message(channel);
        if (message.Thread is not null || call.World.Channels.Find(message.Id) is not null)
        {
            throw ApiError.ThreadExists();
        }

        var (name, state) = Read(call);
        var thread =
            call.World.Channels.AddThread(channel, message.Id, Channel.PublicThread, name, state) ?? throw ApiError.TooManyThreads();
        message.Thread = thread;
        message.Flags |= Message.HasThread;
        thread.Add(
            new Message(call.World.Ids.Next(), thread, call.World.Now)
            {
                Type = Message.ThreadStarter,
                AuthorId = message.AuthorId,
                Reference = (channel.Id, message.Id),
                Referenced = message,
            },
            call.World.Options.MessagesPerChannel
        );
        call.World.Broadcast.Thread("THREAD_CREATE", thread);
        call.World.Broadcast.MessageUpdated(message);
        return Created(thread);
    }

    /// <summary>Without a type the thread is private (docs: Start Thread without Message).</summary>
    private static ApiReply Alone(ApiCall call)
    {
        var channel = call.Writable();
        RefuseNested(channel);
        var form = new Form(new FormErrors(), call.Body, "");
        var type = (int)(form.Choice("type", [10, Channel.PublicThread, Channel.PrivateThread]) ?? Channel.PrivateThread);
        form.Errors.ThrowIfAny();
        if (type == 10)
        {
            throw new ApiError(400, 50024, "Cannot execute action on this channel type");
        }

        var (name, state) = Read(call, type == Channel.PrivateThread ? call.Body.Truth("invitable") ?? true : null);
        var thread = call.World.Channels.AddThread(channel, call.World.Ids.Next(), type, name, state) ?? throw ApiError.TooManyThreads();
        call.World.Broadcast.Thread("THREAD_CREATE", thread);
        if (type == Channel.PublicThread)
        {
            new Scribe(call.World).Add(
                new Message(call.World.Ids.Next(), channel, call.World.Now)
                {
                    Type = Message.ThreadCreated,
                    AuthorId = Known.Bot,
                    Content = name,
                    Reference = (thread.Id, null),
                }
            );
        }

        return Created(thread);
    }

    private static (string Name, ThreadDetails State) Read(ApiCall call, bool? invitable = null)
    {
        var form = new Form(new FormErrors(), call.Body, "");
        var name = form.Text("name", 100, 1, required: true);
        var minutes = form.Choice("auto_archive_duration", ArchiveMinutes);
        var rate = form.Whole("rate_limit_per_user", 0, 21_600);
        form.Errors.ThrowIfAny();
        return (
            name!,
            new ThreadDetails
            {
                Owner = Known.Bot,
                CreatedAt = call.World.Now,
                ArchiveStamp = call.World.Now,
                AutoArchive = (int)(minutes ?? 4320),
                RatePerUser = (int)(rate ?? 0),
                Invitable = invitable,
            }
        );
    }

    private static void RefuseNested(Channel channel)
    {
        if (channel.Type != Channel.GuildText)
        {
            throw new ApiError(400, 50024, "Cannot execute action on this channel type");
        }
    }

    private static ApiReply Created(Channel thread)
    {
        var json = thread.Json();
        json["member"] = thread.Thread!.Member(thread.Id);
        return new ApiReply(201, json);
    }

    private static ApiReply Patch(ApiCall call)
    {
        var channel = call.Writable();
        var form = new Form(new FormErrors(), call.Body, "");
        var name = form.Text("name", 100, 1);
        form.Truth("archived");
        form.Truth("locked");
        var minutes = form.Choice("auto_archive_duration", ArchiveMinutes);
        var rate = form.Whole("rate_limit_per_user", 0, 21_600);
        var topic = form.Text("topic", 1024);
        form.Errors.ThrowIfAny();
        if (channel.Thread is not { } thread)
        {
            return PatchChannel(call, channel, name, topic);
        }

        if (thread.Archived && call.Body.Truth("archived") != false && call.Body.Truth("locked") is null)
        {
            throw ApiError.ArchivedThread();
        }

        if (call.Body.Truth("archived") is { } archived && archived != thread.Archived)
        {
            (thread.Archived, thread.ArchiveStamp) = (archived, call.World.Now);
        }

        channel.Name = name ?? channel.Name;
        thread.Locked = call.Body.Truth("locked") ?? thread.Locked;
        thread.AutoArchive = (int)(minutes ?? thread.AutoArchive);
        thread.RatePerUser = (int)(rate ?? thread.RatePerUser);
        call.World.Broadcast.Thread("THREAD_UPDATE", channel);
        return ApiReply.Ok(channel.Json());
    }

    /// <summary>Name and topic change twice in ten minutes at most (facts, B).</summary>
    private static ApiReply PatchChannel(ApiCall call, Channel channel, string? name, string? topic)
    {
        if (channel.IsDirect)
        {
            throw new ApiError(403, 50003, "Cannot execute action on a DM channel");
        }

        var standing = call.World.Limits.Take("channel-name", channel.Id.ToString(), 2, TimeSpan.FromMinutes(10));
        if (!standing.Fits)
        {
            throw new TooManyRequests(standing.ResetAfter, "user", null);
        }

        channel.Name = name ?? channel.Name;
        channel.Topic = call.Body.ContainsKey("topic") ? topic : channel.Topic;
        call.World.Broadcast.ChannelUpdated(channel);
        return ApiReply.Ok(channel.Json());
    }

    private static ApiReply Delete(ApiCall call)
    {
        var channel = call.Writable();
        if (!channel.IsThread)
        {
            throw ApiError.MissingPermissions();
        }

        call.World.Channels.Remove(channel);
        call.World.Broadcast.ThreadDeleted(channel);
        return ApiReply.Ok(channel.Json());
    }

    private static ApiReply Joined(ApiCall call) =>
        call.Channel().IsThread ? ApiReply.NoContent : throw new ApiError(400, 50024, "Cannot execute action on this channel type");
}
