using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Has the data service send a share of the source's writes to this cluster as well (docs/shadow-cluster.md). Before the copy of what is there:
/// a row that is written while it runs would be missed otherwise (facts 4.14).
/// </summary>
[Tag("dual-writes-on", "Switch dual writes on", Direction.Neutral, Risk.Disruptive, Interruptible.AtCheck)]
[Owes(DebtKind.DualWrites)]
[Example("source: messages-prd\nkeyspaces: [discord]\npercent: 100")]
public sealed record DualWritesOn : IClusterTask, IRefusesClusters
{
    /// <summary>A soak takes days.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    [Description("Cluster whose writes are sent here as well"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    [Description("Keyspaces whose writes are sent"), MinLength(1), RegularExpression("[A-Za-z0-9_]{1,48}")]
    public required IReadOnlyList<string> Keyspaces { get; init; }

    /// <value>Default 100.</value>
    [Description("Share of writes, by partition"), Range(1, 100)]
    public int Percent { get; init; } = 100;

    public IReadOnlyList<IClusterCondition> Preconditions => [new ShadowApart { Source = Source }, new ClusterNormal()];

    public string? WhyNever(Cluster cluster, Inventory inventory) => ShadowRules.WhyNever("shadow-cluster", cluster, Source, inventory);

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = Mirror.Of(context);
        var before = await mirror.StatusAsync(ct);
        if (before.Source is { } other && other != Source && (before.Writes.State == MirrorState.On || before.Reads.State == MirrorState.On))
        {
            throw new UnrecoverableException($"the data service mirrors {ProvisionWire.Short(other)} to {context.Cluster.Name} already: switch that off first");
        }

        if (before.Writes.State == MirrorState.Off)
        {
            await context.Debts.OpenAsync(new Owing(
                DebtKind.DualWrites, "", $"writes of {Source} go to {context.Cluster.Name} as well", Longest, DebtUndo.Of("dual-writes-off", null, byItself: true)), ct);
        }

        await mirror.MirrorAsync(new MirrorOrder(Source, [.. Keyspaces], Percent), ct);
        var after = await mirror.StatusAsync(ct);
        if (WhyNotOn(after, context.Cluster.Name) is { } why)
        {
            throw new RecoverableException($"dual writes were switched on, but {why}");
        }

        context.Log.Write($"{Percent} % of the writes of {Source} ({string.Join(", ", Keyspaces)}) go to {context.Cluster.Name} as well");
    }

    private string? WhyNotOn(MirrorStatus mirror, string shadow) => Freshness.WhyOtherSource(mirror, shadow, Source)
        ?? (mirror.Writes.State != MirrorState.On ? "they are off"
            : mirror.Writes.Percent != Percent ? $"{mirror.Writes.Percent} % are sent, not {Percent} %"
            : Keyspaces.FirstOrDefault(k => !mirror.Writes.Keyspaces.Contains(k, StringComparer.Ordinal)) is { } missing ? $"{missing} is not among them"
            : null);
}
