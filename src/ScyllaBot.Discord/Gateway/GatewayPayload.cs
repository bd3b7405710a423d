namespace ScyllaBot.Discord.Gateway;

/// <summary>Opcodes of gateway v10.</summary>
public static class Op
{
    public const int Dispatch = 0;
    public const int Heartbeat = 1;
    public const int Identify = 2;
    public const int Resume = 6;
    public const int Reconnect = 7;
    public const int InvalidSession = 9;
    public const int Hello = 10;
    public const int HeartbeatAck = 11;
}

/// <summary>One frame from the gateway. Fields nobody knows are ignored.</summary>
/// <param name="Op">See <see cref="Gateway.Op"/>.</param>
/// <param name="Sequence">Null unless it is a dispatch.</param>
/// <param name="Type">Empty unless it is a dispatch.</param>
/// <param name="Data">Lives on its own; Undefined when missing.</param>
public sealed record GatewayPayload(int Op, long? Sequence, string Type, JsonElement Data)
{
    /// <returns>Null when it is no gateway frame.</returns>
    public static GatewayPayload? TryParse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("op", out var op) || !op.TryGetInt32(out var number))
            {
                return null;
            }

            long? sequence = root.TryGetProperty("s", out var s) && s.ValueKind == JsonValueKind.Number && s.TryGetInt64(out var value)
                ? value
                : null;
            var type = root.TryGetProperty("t", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString()! : "";
            return new GatewayPayload(number, sequence, type, root.TryGetProperty("d", out var data) ? data.Clone() : default);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Frames of ours; each far below the 4096 bytes Discord takes.</summary>
internal static class GatewayFrames
{
    /// <summary>GUILDS: unavailable guilds, roles and threads. Interactions need no intent.</summary>
    private const int Intents = 1;

    public static byte[] Heartbeat(long? sequence) => Encode(Op.Heartbeat, sequence is null ? null : JsonValue.Create(sequence.Value));

    public static byte[] Identify(string token) => Encode(Op.Identify, new JsonObject
    {
        ["token"] = token,
        ["intents"] = Intents,
        ["properties"] = new JsonObject { ["os"] = "linux", ["browser"] = "scyllabot", ["device"] = "scyllabot" },
    });

    public static byte[] Resume(string token, string session, long sequence) => Encode(Op.Resume, new JsonObject
    {
        ["token"] = token,
        ["session_id"] = session,
        ["seq"] = sequence,
    });

    private static byte[] Encode(int op, JsonNode? data) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["op"] = op, ["d"] = data });
}

/// <summary>Something happened in the guild.</summary>
/// <param name="Type">Such as INTERACTION_CREATE.</param>
/// <param name="Data">The event.</param>
/// <param name="ReceivedAt">The session's <see cref="TimeProvider.GetTimestamp"/> at receipt: ages are measured from here, never from
/// ids.</param>
public sealed record GatewayDispatch(string Type, JsonElement Data, long ReceivedAt);
