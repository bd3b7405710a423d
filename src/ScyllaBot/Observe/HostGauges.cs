using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord;

namespace ScyllaBot.Observe;

/// <summary>The process, and its contact with people.</summary>
internal sealed class HostGauges(BotFacts bot, DiscordHealth chat, HeartbeatVital heartbeat, IStoreUpkeep store, TimeProvider engineTime, TimeProvider time) : IGauges
{
    public async Task WriteAsync(Exposition page, CancellationToken ct)
    {
        page.Add(Families.BuildInfo, new Sample(1, bot.Version, bot.IsSandbox ? "true" : "false"));
        page.Add(Families.StartTime, bot.Started.ToUnixTimeMilliseconds() / 1000.0);
        var lost = chat.LostSince;
        page.Add(Families.GatewayUp, lost is null ? 1 : 0);
        page.Add(Families.GatewayLost, lost is { } since ? Math.Max(0, (time.GetUtcNow() - since).TotalSeconds) : 0);
        page.Add(Families.GatewayFatal, chat.IsFatal ? 1 : 0);
        if (heartbeat.Age is { } age)
        {
            page.Add(Families.HeartbeatAge, Math.Max(0, age.TotalSeconds));
        }

        // Last: it asks the store, which may be what is broken.
        var backlog = await store.BacklogAsync(ct);
        page.Add(Families.OutboxRows, backlog.Rows);
        page.Add(Families.OutboxOldest, backlog.Oldest is { } oldest ? Math.Max(0, (engineTime.GetUtcNow() - oldest).TotalSeconds) : 0);
    }
}
