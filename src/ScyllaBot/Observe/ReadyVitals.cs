using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord;

namespace ScyllaBot.Observe;

/// <summary>People can reach the bot.</summary>
internal sealed class GatewayVital(DiscordHealth health, TimeProvider time) : IVital
{
    public bool IsLife => false;

    public Task<Vital> LookAsync(CancellationToken ct) => Task.FromResult(
        health.LostSince is not { } since ? new Vital("gateway", PartState.Ok, "the session stands")
        : new Vital("gateway", PartState.Failed, FormattableString.Invariant($"lost for {(time.GetUtcNow() - since).TotalSeconds:0} s")
            + (health.IsFatal ? ", and will not come back without a person" : "")));
}

/// <summary>There is something to work on.</summary>
internal sealed class InventoryVital(InventoryBook book) : IVital
{
    public bool IsLife => false;

    public Task<Vital> LookAsync(CancellationToken ct) => Task.FromResult(book.Current.Clusters.Length is var count and > 0
        ? new Vital("inventory", PartState.Ok, $"{count} clusters") : new Vital("inventory", PartState.Failed, "there is no cluster in it"));
}

/// <summary>What people should hear reaches them.</summary>
internal sealed class OutboxVital(IStoreUpkeep store, TimeProvider time) : IVital
{
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(5);

    public bool IsLife => false;

    public async Task<Vital> LookAsync(CancellationToken ct)
    {
        var backlog = await store.BacklogAsync(ct);
        var age = time.GetUtcNow() - backlog.Oldest ?? TimeSpan.Zero;
        var says = FormattableString.Invariant($"{backlog.Rows} messages wait, the oldest for {Math.Max(0, age.TotalSeconds):0} s");
        return backlog.Rows == 0 ? new Vital("outbox", PartState.Ok, "nothing waits") : new Vital("outbox", age > Slow ? PartState.Warning : PartState.Ok, says);
    }
}

/// <summary>Somebody outside hears that we live.</summary>
/// <param name="heartbeat">Null: none is configured.</param>
/// <param name="started">When this process began.</param>
/// <param name="time">Real time.</param>
internal sealed class HeartbeatVital(Heartbeat? heartbeat, DateTimeOffset started, TimeProvider time) : IVital
{
    public bool IsLife => false;

    /// <summary>Since one arrived, or since the start; null without a heartbeat.</summary>
    public TimeSpan? Age => heartbeat is null ? null : time.GetUtcNow() - (heartbeat.LastArrived ?? started);

    public Task<Vital> LookAsync(CancellationToken ct) => Task.FromResult(Age is not { } age ? new Vital("heartbeat", PartState.Ok, "off")
        : new Vital("heartbeat", age > 3 * heartbeat!.Every ? PartState.Warning : PartState.Ok, FormattableString.Invariant($"arrived last {age.TotalSeconds:0} s ago")));
}
