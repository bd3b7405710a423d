using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Compaction-like work that somebody asked for, as tasks of module `compaction` (facts/scylla.md 1.13, 1.15).</summary>
internal static class CompactionJobs
{
    public const string Module = "compaction";
    public const string TopologyChanges = "Can not perform cleanup operation when topology changes";

    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(10);

    /// <summary>A join, a leave or another request of the topology coordinator is under way.</summary>
    public static bool IsTopologyChanging(SimCluster cluster) => !cluster.Topology.IsIdle;

    public static SimTask Major(SimNode node, Keyspace keyspace, ImmutableArray<string> tables, Cause cause) =>
        Begin(node, "major compaction", keyspace.Name, 20, 40, () =>
        {
            node.Cluster.Record(node, "major-compaction", cause);
        });

    /// <summary>Null: nothing to do, as for keyspaces with tablets and node-local ones.</summary>
    public static SimTask? Cleanup(SimNode node, Keyspace keyspace, Cause cause)
    {
        var streams = IsTopologyChanging(node.Cluster);
        return keyspace.UsesTablets || keyspace.Strategy == Strategy.Local ? null : Begin(node, "cleanup compaction", keyspace.Name, 20, 60, () =>
        {
            if (node.Store.Clean(keyspace.Name))
            {
                node.Cluster.Record(node, "cleanup", cause);
            }

            if (streams)
            {
                node.Cluster.Record(node, "rows-lost", cause);
            }
        });
    }

    /// <summary>Every keyspace of one node; it is marked clean afterwards.</summary>
    public static SimTask CleanupNode(SimNode node, Cause cause) => Begin(node, "global cleanup compaction", "", 30, 60, () => MakeClean(node, cause));

    public static SimTask Upgrade(SimNode node, Keyspace keyspace, bool excludeCurrent, Cause cause) =>
        Begin(node, "upgrade sstables compaction", keyspace.Name, 20, 40, () =>
        {
            if (node.Store.Upgrade(keyspace.Name, excludeCurrent))
            {
                node.Cluster.Record(node, "upgrade-sstables", cause);
            }
        });

    /// <summary>
    /// Every node that needs it, all at once, by the topology coordinator; it waits for a change under way and for nodes that are down. A second
    /// request joins the first.
    /// </summary>
    public static SimTask CleanupCluster(SimNode askedOf, Cause cause)
    {
        var cluster = askedOf.Cluster;
        if (cluster.Tasks.Running.FirstOrDefault(task => task is { Module: "global_topology_requests", Type: "cleanup" }) is { } running)
        {
            return running;
        }

        var task = cluster.Tasks.Begin(new SimTask(askedOf.Store.NextId("cleanup"), null, "global_topology_requests", "cleanup", "cluster")
        {
            StartedAt = cluster.Agenda.Now,
        });
        Round(cluster, task, cause);
        return task;
    }

    private static void Round(SimCluster cluster, SimTask task, Cause cause)
    {
        var dirty = cluster.Nodes.Where(node => node.Cleanup != CleanupStatus.Clean).ToArray();
        if (dirty.Length == 0)
        {
            task.End(cluster.Agenda.Now);
            return;
        }

        if (!IsTopologyChanging(cluster))
        {
            foreach (var node in dirty.Where(node => node is { Process: ProcessState.Running, Cleanup: CleanupStatus.Needed }))
            {
                node.Cleanup = CleanupStatus.Running;
                var run = node.Run;
                cluster.Agenda.After(cluster.Dice.Between($"{node.Id.Name}/cleanup/{node.Generation}", 30, 90), () =>
                {
                    if (node.Run == run && node.Process == ProcessState.Running)
                    {
                        MakeClean(node, cause);
                    }
                    else
                    {
                        node.Cleanup = CleanupStatus.Needed;
                    }
                });
            }
        }

        cluster.Agenda.After(_betweenLooks, () => Round(cluster, task, cause));
    }

    private static void MakeClean(SimNode node, Cause cause)
    {
        if (node.Store.MarkClean())
        {
            node.Cluster.Record(node, "cleanup", cause);
        }
    }

    private static SimTask Begin(SimNode node, string type, string keyspace, double least, double most, Action done)
    {
        var cluster = node.Cluster;
        var id = node.Store.NextId(type);
        var task = new SimTask(id, node, Module, type, "keyspace") { Keyspace = keyspace, Abortable = true, StartedAt = cluster.Agenda.Now };
        return cluster.Tasks.Start(task, cluster.Dice.Between($"{id}/length", least, most), () =>
        {
            done();
            return null;
        });
    }
}
