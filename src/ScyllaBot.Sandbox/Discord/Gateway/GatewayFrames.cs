namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>What the connection's address asked for.</summary>
internal sealed record GatewayQuery(string? Version, string? Encoding);

/// <summary>A frame, or a close code when the frame is null.</summary>
internal sealed record Outgoing(byte[]? Frame, int Code);

/// <summary>A client may send 120 frames in any 60 s; one more closes with 4008 (docs: Gateway, Rate Limiting).</summary>
internal sealed class FrameRate(TimeProvider time)
{
    private const int PerMinute = 120;

    private readonly Queue<long> _frames = [];

    public bool Take()
    {
        var now = time.GetTimestamp();
        _frames.Enqueue(now);
        while (time.GetElapsedTime(_frames.Peek(), now) >= TimeSpan.FromMinutes(1))
        {
            _frames.Dequeue();
        }

        return _frames.Count <= PerMinute;
    }
}
