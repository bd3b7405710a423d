using Microsoft.Extensions.Hosting;
using ScyllaBot.Core.Chat;
using ScyllaBot.Discord;

namespace ScyllaBot;

/// <summary>Beats as long as the host lives (R10).</summary>
internal sealed class HeartbeatLoop(Heartbeat heartbeat) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => heartbeat.RunAsync(stoppingToken);
}

/// <summary>For how long nobody has been reached: neither by the gateway nor by a message that went out (R9).</summary>
internal sealed class ChatContact(DiscordHealth health, TimeProvider time)
{
    private long _lastSent = time.GetTimestamp();

    /// <summary>A message was confirmed.</summary>
    public void Reached() => Interlocked.Exchange(ref _lastSent, time.GetTimestamp());

    /// <summary>Null while the gateway's session stands.</summary>
    public TimeSpan? LostFor
    {
        get
        {
            if (health.LostSince is not { } since)
            {
                return null;
            }

            var (gateway, sent) = (time.GetUtcNow() - since, time.GetElapsedTime(Interlocked.Read(ref _lastSent)));
            return gateway < sent ? gateway : sent;
        }
    }
}
