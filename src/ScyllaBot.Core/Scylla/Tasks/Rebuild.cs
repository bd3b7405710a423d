using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Streams what the node should have from other replicas (facts 1.9, 4.10): vnode keyspaces only, for hours.</summary>
[Tag("rebuild", "Rebuild Scylla node", Direction.Neutral, Risk.Disruptive, Interruptible.No)]
[Example("source_datacenter: us-east1")]
public sealed record Rebuild : INodeTask, IMovesData, ILasts
{
    /// <value>Default none: any.</value>
    [Description("Datacenter to stream from"), RegularExpression("[A-Za-z0-9_.-]{1,100}")]
    public string? SourceDatacenter { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions =>
        UnlessBegun.All((context, ct) => Of(context).RunsAsync(ct), new ClusterNormal(), new NoTopologyChange());

    // Nothing shows afterwards that it was done, so its own task does: it is kept for an hour (facts 1.15).
    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Of(context).RunAsync(
        () => context.Scylla.RebuildAsync(SourceDatacenter, ct),
        (latest, answered) => Task.FromResult(answered || latest is { HasEnded: true, HasFailed: false }), ct);

    private static Movement Of(NodeContext context) => new(context, "rebuild", context.Node.HostId, context.Node);
}
