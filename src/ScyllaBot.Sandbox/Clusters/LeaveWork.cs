namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// A decommission (facts/scylla.md 1.11): tablets first, in which the node looks NORMAL and an abort is possible, then vnode ranges, then it
/// is gone. Or the removal of a dead node (1.12), whose data is rebuilt from the other replicas.
/// </summary>
internal sealed class LeaveWork(SimCluster cluster, TopologyRequest request, bool isDead, IReadOnlyList<SimNode> ignored)
    : TopologyWork(cluster, request, isDead ? "remove node" : "decommission")
{
    public override string StreamName => isDead ? "Removenode" : "Unbootstrap";

    public override string? WhyRejected()
    {
        if (isDead)
        {
            // For ever, whatever becomes of the request.
            Subject.IsBanned = true;
            foreach (var node in ignored)
            {
                node.IsBanned = true;
            }
        }

        return WhyInvalid() is { } invalid ? $"node {(isDead ? "removal" : "decommission")} rejected: {invalid}" : null;
    }

    public override void Begin()
    {
        Subject.IsDraining = !isDead;
        Task.Abortable = !isDead && Cluster.Tablets.LiesOn(Subject);
        Cluster.Tablets.Empty(Subject, null, isDead ? "rebuild" : "migration", () =>
        {
            Task.Abortable = false;
            Cluster.Topology.CleanUp(() => Cluster.Tablets.WhenIdle(Vnodes));
        });
    }

    public override void Undo()
    {
        Cluster.Tablets.StopEmptying(Subject);
        Cluster.StreamTo(null);
        Subject.IsDraining = false;
        if (Subject.IsMember)
        {
            Subject.Ring = RingState.Normal;
            Subject.ShowLeaving(on: false);
        }
    }

    private void Vnodes()
    {
        if (Request.Done)
        {
            return;
        }

        Subject.Ring = isDead ? RingState.Removing : RingState.Decommissioning;
        if (!isDead && !Cluster.RepairBasedOperations)
        {
            Subject.ShowLeaving(on: true);
        }

        Stream(Cluster.Owners.Where(node => node != Subject), () =>
        {
            Cluster.SwitchRing();
            Subject.LeftRing();
            Cluster.Raft.Drop(Subject);
            Cluster.Record(Subject, "left", Cause.Nobody);
            Finish();
        });
    }

    private string? WhyInvalid()
    {
        if (WhyDead([Subject, .. ignored]) is { } dead)
        {
            return dead;
        }

        var left = Cluster.Owners.Where(node => node != Subject && string.Equals(node.Id.Dc, Subject.Id.Dc, StringComparison.Ordinal)).ToArray();
        if (Cluster.Keyspaces.FirstOrDefault(ks => ks.Strategy == Strategy.NetworkTopology && ks.Rf > left.Length) is { } keyspace)
        {
            return $"not enough nodes in {Subject.Id.Dc} for keyspace {keyspace.Name} with RF {keyspace.Rf}";
        }

        var rackIsLost = left.All(node => !string.Equals(node.Id.Rack, Subject.Id.Rack, StringComparison.Ordinal));
        return rackIsLost && Cluster.Keyspaces.Any(ks => ks.UsesTablets)
            ? "Cannot remove the node because its removal would make some existing keyspace RF-rack-invalid"
            : null;
    }
}
