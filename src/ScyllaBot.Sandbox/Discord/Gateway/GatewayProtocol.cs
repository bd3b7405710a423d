using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>What the client's frames mean (docs: Gateway). Callers hold the world's gate.</summary>
internal sealed class GatewayProtocol(DiscordWorld world, GatewayConnection connection, GatewayQuery query)
{
    public const int Heartbeat = 1;
    public const int Reconnect = 7;
    public const int InvalidSession = 9;
    private const int Identify = 2;
    private const int Presence = 3;
    private const int VoiceState = 4;
    private const int Resume = 6;
    private const int RequestMembers = 8;
    private const int Hello = 10;
    private const int HeartbeatAck = 11;

    public void Greet()
    {
        connection.Send(
            Hello,
            new JsonObject
            {
                ["heartbeat_interval"] = (long)world.Options.HeartbeatInterval.TotalMilliseconds,
                ["_trace"] = new JsonArray("[\"gateway-sandbox-1\",{\"micros\":0.0}]"),
            }
        );
        if (query.Version is not (null or "9" or "10") || query.Encoding is not (null or "json"))
        {
            connection.Close(CloseCode.InvalidVersion);
        }
    }

    public void Take(JsonObject frame)
    {
        switch (frame.Whole("op"))
        {
            case Heartbeat:
                Beat();
                break;
            case Identify or Resume when connection.Session is not null:
                connection.Close(CloseCode.AlreadyAuthenticated);
                break;
            case Identify:
                TakeIdentify(frame.Map("d"));
                break;
            case Resume:
                TakeResume(frame.Map("d"));
                break;
            case Presence or VoiceState or RequestMembers when connection.Session is null:
                connection.Close(CloseCode.NotAuthenticated);
                break;
            case Presence or VoiceState or RequestMembers:
                break;
            case null:
                connection.Close(CloseCode.DecodeError);
                break;
            default:
                connection.Close(CloseCode.UnknownOpcode);
                break;
        }
    }

    private void Beat()
    {
        connection.HeartbeatSeen();
        if (!world.Faults.TakeNoAck())
        {
            connection.Send(HeartbeatAck, null);
        }
    }

    private void TakeIdentify(JsonObject? d)
    {
        if (Refusal(d) is { } code)
        {
            connection.Close(code);
            return;
        }

        var session = world.Sessions.Identify(connection, (int)d!.Whole("intents")!.Value);
        if (session is null)
        {
            connection.Send(InvalidSession, JsonValue.Create(value: false));
            return;
        }

        connection.Session = session;
        session.Dispatch("READY", GatewayGreeting.Ready(world, session, d!.List("shard")));
        if ((session.Intents & Intents.Guilds) != 0)
        {
            session.Dispatch("GUILD_CREATE", GatewayGreeting.GuildCreate(world));
        }
    }

    private int? Refusal(JsonObject? d)
    {
        if (d is null || d.Map("properties") is null)
        {
            return CloseCode.DecodeError;
        }

        if (d.Text("token") != Known.Token || world.Sessions.StartsLeft <= 0)
        {
            return CloseCode.AuthenticationFailed;
        }

        if (d.Whole("intents") is not { } intents || intents < 0 || (intents & ~Intents.Known) != 0)
        {
            return CloseCode.InvalidIntents;
        }

        if ((intents & Intents.Privileged) != 0)
        {
            return CloseCode.DisallowedIntents;
        }

        var shard = d.List("shard");
        return
            shard is null
            || (
                shard.Count == 2
                && JsonReading.Whole(shard[0]) is { } number
                && JsonReading.Whole(shard[1]) is { } count
                && number >= 0
                && number < count
            )
            ? null
            : CloseCode.InvalidShard;
    }

    private void TakeResume(JsonObject? d)
    {
        if (d?.Whole("seq") is not { } sequence || d.Text("session_id") is not { } id)
        {
            connection.Close(CloseCode.DecodeError);
            return;
        }

        if (d.Text("token") != Known.Token)
        {
            connection.Close(CloseCode.AuthenticationFailed);
            return;
        }

        var (session, close, resumable) = world.Sessions.Resume(connection, id, sequence);
        if (close is { } code)
        {
            connection.Close(code);
        }
        else if (session is null)
        {
            connection.Send(InvalidSession, JsonValue.Create(resumable));
        }
        else
        {
            connection.Session = session;
            session.Replay(sequence);
            var trace = new JsonObject { ["_trace"] = new JsonArray("[\"gateway-sandbox-1\",{\"micros\":0.0}]") };
            session.Dispatch("RESUMED", trace, keep: false);
        }
    }
}
