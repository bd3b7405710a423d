using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Tests.Discord.Support;

/// <summary>
/// The smallest gateway client: sends frames and reads them one by one. A read that never ends fails after 10 s, by a token and not by
/// a judgement on time.
/// </summary>
internal sealed class BotGateway : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    private readonly CancellationTokenSource _giveUp = new(TimeSpan.FromSeconds(10));

    public string SessionId { get; private set; } = "";

    public long Sequence { get; private set; }

    public int? CloseCode => (int?)_socket.CloseStatus;

    public static async Task<BotGateway> ConnectAsync(string address, string path = "/gateway?v=10&encoding=json")
    {
        var gateway = new BotGateway();
        await gateway._socket.ConnectAsync(new Uri("ws" + address["http".Length..] + path), gateway._giveUp.Token);
        return gateway;
    }

    public Task SendAsync(int op, JsonNode? d) => SendTextAsync(new JsonObject { ["op"] = op, ["d"] = d }.ToJsonString());

    public Task SendTextAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _giveUp.Token);

    public Task SendIdentifyAsync(int intents = 1, string token = "sandbox.token.1") =>
        SendAsync(
            2,
            new JsonObject
            {
                ["token"] = token,
                ["intents"] = intents,
                ["properties"] = new JsonObject
                {
                    ["os"] = "linux",
                    ["browser"] = "t",
                    ["device"] = "t",
                },
            }
        );

    /// <summary>Hello, Identify, READY and, with the GUILDS intent, GUILD_CREATE.</summary>
    public async Task<JsonObject> IdentifyAsync(int intents = 1)
    {
        await ReadOpAsync(10);
        await SendIdentifyAsync(intents);
        var ready = await ReadEventAsync("READY");
        SessionId = (string)ready["session_id"]!;
        if ((intents & 1) != 0)
        {
            await ReadEventAsync("GUILD_CREATE");
        }

        return ready;
    }

    public Task SendResumeAsync(string session, long sequence) =>
        SendAsync(
            6,
            new JsonObject
            {
                ["token"] = "sandbox.token.1",
                ["session_id"] = session,
                ["seq"] = sequence,
            }
        );

    /// <summary>The next frame, or null when the other side closed.</summary>
    public async Task<JsonObject?> ReadAsync()
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), _giveUp.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            bytes.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
            {
                continue;
            }

            var frame = JsonNode.Parse(bytes.ToArray())!.AsObject();
            Sequence = frame["s"] is { } sequence ? (long)sequence : Sequence;
            return frame;
        }
    }

    public async Task<JsonObject> ReadOpAsync(int op)
    {
        while (await ReadAsync() is { } frame)
        {
            if ((int)frame["op"]! == op)
            {
                return frame;
            }
        }

        throw new InvalidOperationException($"Closed with {CloseCode} before op {op}.");
    }

    /// <summary>The d of the next event of this type; others are skipped.</summary>
    public async Task<JsonObject> ReadEventAsync(string type)
    {
        while (await ReadAsync() is { } frame)
        {
            if ((string?)frame["t"] == type)
            {
                return frame["d"]!.AsObject();
            }
        }

        throw new InvalidOperationException($"Closed with {CloseCode} before {type}.");
    }

    /// <summary>Reads until the close and tells its code.</summary>
    public async Task<int?> ReadCloseAsync()
    {
        while (await ReadAsync() is not null) { }

        return CloseCode;
    }

    public async Task CloseAsync(int code)
    {
        await _socket.CloseOutputAsync((WebSocketCloseStatus)code, null, _giveUp.Token);
        await ReadCloseAsync();
    }

    public void Drop() => _socket.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        _giveUp.Dispose();
    }
}
