using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Has the data service read from this cluster what it reads from the source, for a share of the reads, and compare (docs/shadow-cluster.md).
/// Clients are answered by the source alone. Whether it matches is <see cref="ReadsMatch"/>'s to say.
/// </summary>
[Tag("compare-reads", "Compare reads with the source", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.ComparedReads)]
[Example("source: messages-prd\nkeyspaces: [discord]\nsample_percent: 1")]
public sealed record CompareReads : IClusterTask, IRefusesClusters
{
    /// <summary>A soak takes days.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    [Description("Cluster whose answers are compared with this one's"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    [Description("Keyspaces whose reads are compared"), MinLength(1), RegularExpression("[A-Za-z0-9_]{1,48}")]
    public required IReadOnlyList<string> Keyspaces { get; init; }

    /// <value>Default 1.</value>
    [Description("Share of reads"), Range(0.01, 100.0)]
    public double SamplePercent { get; init; } = 1;

    public IReadOnlyList<IClusterCondition> Preconditions => [new ShadowApart { Source = Source }, new ClusterNormal()];

    public string? WhyNever(Cluster cluster, Inventory inventory) => ShadowRules.WhyNever("shadow-cluster", cluster, Source, inventory);

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = Mirror.Of(context);
        if ((await mirror.StatusAsync(ct)).Reads.State == MirrorState.Off)
        {
            await context.Debts.OpenAsync(new Owing(
                DebtKind.ComparedReads, "", $"reads of {Source} are made on {context.Cluster.Name} as well", Longest, DebtUndo.Of("compare-reads-off", null, byItself: true)), ct);
        }

        await mirror.CompareAsync(new CompareOrder(Source, [.. Keyspaces], SamplePercent), ct);
        var after = await mirror.StatusAsync(ct);
        var why = Freshness.WhyOtherSource(after, context.Cluster.Name, Source)
            ?? (after.Reads.State != MirrorState.On ? "it is off"
                : Math.Abs(after.Reads.SamplePercent - SamplePercent) > 0.001 ? string.Create(CultureInfo.InvariantCulture, $"{after.Reads.SamplePercent:0.##} % are compared")
                : null);
        if (why is not null)
        {
            throw new RecoverableException($"the comparison of reads was switched on, but {why}");
        }

        context.Log.Write(string.Create(CultureInfo.InvariantCulture, $"{SamplePercent:0.##} % of the reads of {Source} are made here as well and compared"));
    }
}
