namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A join, or the replacement of a dead node (facts/scylla.md 4.6, 4.7).</summary>
internal sealed class JoinWork(SimCluster cluster, TopologyRequest request, SimNode? old, Guid? replaces)
    : TopologyWork(cluster, request, replaces is null ? "bootstrap" : "replace")
{
    public override string StreamName => replaces is null ? "Bootstrap" : "Replace";

    public override string? WhyRejected()
    {
        if (replaces is not null && old is not { OwnsTokens: true })
        {
            return $"Cannot replace host {replaces}: it is not a member of the cluster";
        }

        if (old is { Hears: true })
        {
            return $"the node being replaced {replaces} is alive";
        }

        if (old is not null && (old.Id.Dc, old.Id.Rack) != (Subject.Id.Dc, Subject.Id.Rack))
        {
            return $"Cannot replace node {replaces} ({old.Id.Dc}/{old.Id.Rack}) by a node in {Subject.Id.Dc}/{Subject.Id.Rack}";
        }

        var racks = Cluster.Owners.Select(node => node.Id.Rack).ToHashSet(StringComparer.Ordinal);
        return !racks.Contains(Subject.Id.Rack) && Cluster.Keyspaces.Any(keyspace => keyspace.UsesTablets)
            ? "Cannot add the node because it would make some existing keyspace RF-rack-invalid"
            : WhyDead(Subject, old);
    }

    public override void Begin()
    {
        if (old is not null)
        {
            Subject.TakeTokensOf(old);
        }

        Cluster.Record(Subject, old is null ? "join" : "replace", Cause.Nobody);
        Subject.Bootstrap(old is null ? RingState.Bootstrapping : RingState.Replacing);
        Cluster.Tablets.WhenIdle(() => Stream([.. Cluster.Owners.Where(node => node != old), Subject], Switched));
    }

    public override void Undo()
    {
        Cluster.StreamTo(null);
        Subject.JoinRefused();
    }

    private void Switched()
    {
        Cluster.SwitchRing();
        if (old is null)
        {
            // Whoever lost a range still has its rows (facts/scylla.md 1.13).
            foreach (var owner in Cluster.Owners)
            {
                owner.Cleanup = CleanupStatus.Needed;
            }

            Subject.JoinedRing();
            Finish();
            Cluster.Tablets.Unbalance();
            return;
        }

        // Peers show it as normal from here on; itself it is NORMAL when the tablets are rebuilt (facts/scylla.md 3.5.16).
        Subject.Ring = RingState.Normal;
        old.LeftRing();
        Cluster.Raft.Drop(old);
        Finish();
        Cluster.Tablets.Empty(old, Subject, "rebuild", () =>
        {
            if (Subject.Mode == OperationMode.Bootstrap)
            {
                Subject.JoinedRing();
            }
        });
    }
}
