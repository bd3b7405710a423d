namespace ScyllaBot.Sandbox.Clusters;

/// <summary>`POST /storage_service/rebuild`: the node streams what it should have (facts/scylla.md 1.9). Nothing moves.</summary>
internal sealed class RebuildWork(SimCluster cluster, TopologyRequest request, string? sourceDc) : TopologyWork(cluster, request, "rebuild")
{
    public override string StreamName => "Rebuild";

    public override string? WhyRejected() => sourceDc is not null && Cluster.Owners.All(node => !string.Equals(node.Id.Dc, sourceDc, StringComparison.Ordinal))
        ? $"Rebuild: unable to find source data center {sourceDc}"
        : WhyDead(Subject);

    public override void Begin()
    {
        Subject.Ring = RingState.Rebuilding;
        Stream(Cluster.Owners, () =>
        {
            Cluster.StreamTo(null);
            Subject.Ring = RingState.Normal;
            Finish();
        });
    }

    public override void Undo()
    {
        Cluster.StreamTo(null);
        Subject.Ring = RingState.Normal;
    }
}
