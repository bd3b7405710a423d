using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>Pins, under the path of 2025 and under the older one.</summary>
internal static class PinRoutes
{
    private const int Max = 250;

    public static IEnumerable<ApiRoute> All =>
        [
            new("GET", "/channels/{channel}/messages/pins", RouteLimit.ChannelRead, List),
            new("PUT", "/channels/{channel}/messages/pins/{message}", RouteLimit.Channel, Pin),
            new("DELETE", "/channels/{channel}/messages/pins/{message}", RouteLimit.Channel, Unpin),
            new("GET", "/channels/{channel}/pins", RouteLimit.ChannelRead, OldList),
            new("PUT", "/channels/{channel}/pins/{message}", RouteLimit.Channel, Pin),
            new("DELETE", "/channels/{channel}/pins/{message}", RouteLimit.Channel, Unpin),
        ];

    private static IEnumerable<Message> Pinned(ApiCall call) => call.Channel().Messages.Where(message => message.Pinned).Reverse();

    private static ApiReply List(ApiCall call) =>
        ApiReply.Ok(
            new JsonObject
            {
                ["items"] = new JsonArray([
                    .. Pinned(call)
                        .Take(50)
                        .Select(message =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["pinned_at"] = Snowflakes.Print(message.Channel.LastPin ?? message.At),
                                    ["message"] = call.Print(message),
                                }
                        ),
                ]),
                ["has_more"] = Pinned(call).Skip(50).Any(),
            }
        );

    private static ApiReply OldList(ApiCall call) => ApiReply.List(Pinned(call).Take(50).Select(call.Print));

    private static ApiReply Pin(ApiCall call)
    {
        var channel = call.Writable();
        var message = call.Message(channel);
        if (message.Pinned)
        {
            return ApiReply.NoContent;
        }

        if (Pinned(call).Count() >= Max)
        {
            throw ApiError.TooManyPins();
        }

        message.Pinned = true;
        channel.LastPin = call.World.Now;
        call.World.Broadcast.PinsUpdated(channel);
        call.World.Broadcast.MessageUpdated(message);
        new Scribe(call.World).Add(
            new Message(call.World.Ids.Next(), channel, call.World.Now)
            {
                Type = Message.Pin,
                AuthorId = Known.Bot,
                Reference = (channel.Id, message.Id),
            }
        );
        return ApiReply.NoContent;
    }

    private static ApiReply Unpin(ApiCall call)
    {
        var message = call.Message(call.Writable());
        message.Pinned = false;
        call.World.Broadcast.PinsUpdated(message.Channel);
        call.World.Broadcast.MessageUpdated(message);
        return ApiReply.NoContent;
    }
}
