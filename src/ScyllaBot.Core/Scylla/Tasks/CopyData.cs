using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Has the data service copy what the source holds, and waits for the end. Each attempt has a copy of its own name; one that runs already, of an
/// earlier attempt or host, is followed instead of begun again. Dual writes come first (facts 4.14).
/// </summary>
[Tag("copy-data", "Copy the source's data", Direction.Neutral, Risk.Disruptive, Interruptible.Yes)]
[Example("source: messages-prd\nkeyspaces: [discord]")]
public sealed record CopyData : IClusterTask, IRefusesClusters, ILasts
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    [Description("Cluster whose data is copied"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    [Description("Keyspaces that are copied"), MinLength(1), RegularExpression("[A-Za-z0-9_]{1,48}")]
    public required IReadOnlyList<string> Keyspaces { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions =>
        [new ShadowApart { Source = Source }, new ClusterNormal(), new DualWritesHealthy { Source = Source }];

    public string? WhyNever(Cluster cluster, Inventory inventory) => ShadowRules.WhyNever("shadow-cluster", cluster, Source, inventory);

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = Mirror.Of(context);
        var copy = await FindAsync(context, mirror, ct);
        if (copy is null)
        {
            copy = await mirror.BeginCopyAsync(IdOf(context, context.Stamp.Attempt), new CopyOrder(Source, [.. Keyspaces]), ct);
            context.Log.Write($"Copy {copy.Id} of {Source} has begun");
        }

        if (copy.Source != Source)
        {
            throw new UnrecoverableException($"copy {copy.Id} is of {ProvisionWire.Short(copy.Source)}, not of {Source}");
        }

        await FollowAsync(context, mirror, copy, ct);
    }

    private static string IdOf(ClusterContext context, int attempt) => $"{context.Stamp.Job}-{context.Stamp.Path}-{attempt}";

    /// <summary>This step's newest copy that is worth following: one that failed under an earlier attempt is not.</summary>
    private static async Task<CopyJob?> FindAsync(ClusterContext context, Mirror mirror, CancellationToken ct)
    {
        for (var attempt = context.Stamp.Attempt; attempt > 0; attempt--)
        {
            if (await mirror.CopyAsync(IdOf(context, attempt), ct) is { } found)
            {
                return found.State == CopyState.Failed && attempt < context.Stamp.Attempt ? null : found;
            }
        }

        return null;
    }

    private static async Task FollowAsync(ClusterContext context, Mirror mirror, CopyJob copy, CancellationToken ct)
    {
        var (heard, told) = (context.Time.GetUtcNow(), -1L);
        while (true)
        {
            if (copy.State == CopyState.Failed)
            {
                throw new RecoverableException($"copy {copy.Id} failed after {copy.Rows} of {copy.Total} rows: {ProvisionWire.Short(copy.Error ?? "no reason told")}");
            }

            if (copy.State == CopyState.Done)
            {
                context.Log.Write($"Copy {copy.Id}: done, {copy.Rows} rows");
                return;
            }

            var tenths = copy.Total == 0 ? 0 : copy.Rows * 10 / copy.Total;
            if (tenths > told)
            {
                told = tenths;
                context.Log.Write($"Copy {copy.Id}: {copy.Rows} of {copy.Total} rows");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
            var (seen, silence) = await LookAsync(mirror, copy.Id, ct);
            (copy, heard) = seen is null ? (copy, heard) : (seen, context.Time.GetUtcNow());
            if (context.Time.GetUtcNow() - heard > LongestSilence)
            {
                throw new RecoverableException($"copy {copy.Id} is not to be followed: {silence}");
            }
        }
    }

    private static async Task<(CopyJob? Copy, string Silence)> LookAsync(Mirror mirror, string id, CancellationToken ct)
    {
        try
        {
            return (await mirror.CopyAsync(id, ct) ?? throw new RecoverableException($"the data service forgot copy {id}"), "");
        }
        catch (RecoverableException unread)
        {
            return (null, unread.Message);
        }
    }
}
