using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Gateway;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>
/// POST /page-api/faults. Gateway: drop, reconnect, invalid-session, invalid-session-resumable, close (code), heartbeat (asks for one),
/// no-ack (count beats, and all within seconds), mute (open but dead), duplicate-next and lose-next (count interactions).
/// REST: rate-limit, rest-500, rest-slow, rest-lost (done, but the answer never arrives), each count times and, if given, only for a
/// method and a part of the path; global-rate-limit (seconds). Permissions: no-access (50001) and no-permission (50013) for a channel, and
/// deny (permissions, bits of any) there.
/// </summary>
internal sealed class FaultOrders(DiscordWorld world)
{
    public void Take(JsonObject order)
    {
        var count = (int)Math.Clamp(order.Whole("count") ?? 1, 1, 10_000);
        var life = TimeSpan.FromSeconds(Math.Clamp(JsonReading.Number(order["seconds"]) ?? 2, 0, 3_600));
        switch (order.Text("kind"))
        {
            case "drop":
                world.Sessions.ForEach(connection => connection.Drop());
                break;
            case "reconnect":
                world.Sessions.ForEach(connection => connection.Send(GatewayProtocol.Reconnect, null));
                break;
            case "heartbeat":
                world.Sessions.ForEach(connection => connection.Send(GatewayProtocol.Heartbeat, null));
                break;
            case "invalid-session":
                world.Sessions.Invalidate(resumable: false);
                break;
            case "invalid-session-resumable":
                world.Sessions.Invalidate(resumable: true);
                break;
            case "close":
                var code = (int)Math.Clamp(order.Whole("code") ?? CloseCode.UnknownError, 1000, 4999);
                world.Sessions.ForEach(connection => connection.Close(code));
                break;
            case "no-ack":
                world.Faults.NoAck(count, order["seconds"] is null ? TimeSpan.Zero : life);
                break;
            case "mute":
                world.Sessions.ForEach(connection => connection.Muted = true);
                break;
            case "lose-next":
                world.Faults.LoseNext(count);
                break;
            case "duplicate-next":
                world.Faults.DuplicateNext(count);
                break;
            case "global-rate-limit":
                world.Faults.GlobalLimit(life);
                break;
            case "rate-limit" or "rest-500" or "rest-slow" or "rest-lost":
                world.Faults.AddRest(new RestFault(order.Text("kind")!, life, order.Text("method"), order.Text("path")) { Left = count });
                break;
            case "no-access" or "no-permission" or "deny":
                var channel = world.Channels.Find(order.Id("channel")) ?? throw new PageError(404, "No such channel.");
                channel.Denial |= order.Text("kind") switch
                {
                    "no-access" => Permission.ViewChannel,
                    "no-permission" => Permission.SendMessages,
                    _ => order.Id("permissions") ?? throw new PageError(400, "deny needs permissions, a number in quotes."),
                };
                break;
            default:
                throw new PageError(400, "No such kind of fault.");
        }
    }

    public void Clear()
    {
        world.Faults.Clear();
        foreach (var channel in world.Channels.All)
        {
            channel.Denial = 0;
        }
    }
}
