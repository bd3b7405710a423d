using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>
/// A session: its own sequence of dispatches, the recent ones kept for a replay. Outlives its connections. Guarded by the world's gate.
/// </summary>
internal sealed class GatewaySession(DiscordWorld world, int intents)
{
    private readonly Queue<(long Number, byte[] Frame)> _recent = [];

    private long _lastDropped;

    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public int Intents { get; } = intents;

    public long Sequence { get; private set; }

    public GatewayConnection? Connection { get; private set; }

    /// <summary>Timestamp since when nobody is connected.</summary>
    public long DetachedAt { get; private set; } = world.Time.GetTimestamp();

    public bool Expired => Connection is null && world.Time.GetElapsedTime(DetachedAt) >= world.Options.SessionLife;

    public void Attach(GatewayConnection connection) => Connection = connection;

    public void Detach()
    {
        Connection = null;
        DetachedAt = world.Time.GetTimestamp();
    }

    /// <summary>Numbers, keeps and sends a dispatch.</summary>
    /// <param name="keep">False for RESUMED, which belongs to one connection and must not come again in a later replay.</param>
    public void Dispatch(string type, JsonObject data, bool keep = true)
    {
        var frame = Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["t"] = type,
                ["s"] = ++Sequence,
                ["op"] = 0,
                ["d"] = data.DeepClone(),
            }.Print()
        );
        if (keep)
        {
            _recent.Enqueue((Sequence, frame));
        }

        if (_recent.Count > world.Options.ReplayBuffer)
        {
            _lastDropped = _recent.Dequeue().Number;
        }

        Connection?.Send(frame);
    }

    public bool CanReplayFrom(long sequence) => sequence >= _lastDropped;

    /// <summary>Sends what came after this number, in order.</summary>
    public void Replay(long sequence)
    {
        foreach (var (_, frame) in _recent.Where(entry => entry.Number > sequence))
        {
            Connection?.Send(frame);
        }
    }
}
