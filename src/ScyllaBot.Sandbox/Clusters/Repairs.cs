namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// Repairs of one node's vnode ranges. Numbers begin at 1 with every process, and a number below the counter that nobody knows any more reads as
/// successful: the trap of facts/scylla.md 1.14.
/// </summary>
internal sealed class Repairs(SimNode node)
{
    public const string Module = "repair";

    private int _counter;
    private int _run;

    /// <summary>Numbers of those that run.</summary>
    public IEnumerable<int> Active => Running.Select(task => task.Sequence);

    private IEnumerable<SimTask> Running => node.Cluster.Tasks.Running.Where(task => task.Node == node && task.Module is Module);

    /// <summary>Begins one. It fails when any node can not take part by then.</summary>
    public SimTask Start(Keyspace keyspace, Cause cause)
    {
        var cluster = node.Cluster;
        var id = node.Store.NextId("repair");
        var task = new SimTask(id, node, Module, "repair", "keyspace")
        {
            Keyspace = keyspace.Name, Sequence = Count() + 1, Abortable = true, StartedAt = cluster.Agenda.Now,
        };
        _counter = task.Sequence;
        return cluster.Tasks.Start(task, cluster.Dice.Between($"{id}/length", 5, 15), () =>
        {
            if (cluster.Nodes.FirstOrDefault(other => other.Process != ProcessState.Running) is { } missing)
            {
                return $"std::runtime_error (repair id [id={task.Sequence}]: keyspace={keyspace.Name}, live peers are not enough, {missing.Id.Address} is down)";
            }

            cluster.Record(node, "repair", cause);
            return null;
        });
    }

    /// <summary>RUNNING, SUCCESSFUL or FAILED; null for a number that was never given out.</summary>
    public string? StatusOf(long number)
    {
        if (number > Count() || number < 1)
        {
            return null;
        }

        return node.Cluster.Tasks.All.FirstOrDefault(task => task.Node == node && task.Module is Module && task.Sequence == number)?.State switch
        {
            "running" => "RUNNING",
            "failed" => "FAILED",
            _ => "SUCCESSFUL",
        };
    }

    public SimTask? TaskOf(long number) =>
        node.Cluster.Tasks.All.FirstOrDefault(task => task.Node == node && task.Module is Module && task.Sequence == number);

    /// <summary>`force_terminate_repair`.</summary>
    public void Terminate(Cause cause)
    {
        foreach (var task in Running.ToArray())
        {
            node.Cluster.Record(node, "repair-abort", cause);
            task.End(node.Cluster.Agenda.Now, "std::runtime_error (repair aborted)");
        }
    }

    private int Count()
    {
        if (_run != node.Run)
        {
            (_run, _counter) = (node.Run, 0);
        }

        return _counter;
    }
}

/// <summary>Repairs of tablet tables, scheduled by the topology coordinator and seen from every node (facts/scylla.md 1.14).</summary>
internal static class TabletRepairs
{
    public static SimTask? Running(SimCluster cluster, string keyspace, string table) => cluster.Tasks.Running.FirstOrDefault(
        task => task is { Module: "tablets", Type: "user_repair" or "auto_repair" } && task.Keyspace == keyspace && task.Table == table);

    /// <summary>Begins one over all tablets of a table; nodes that are down are waited for.</summary>
    public static SimTask Start(SimNode askedOf, string keyspace, string table, Cause cause, string type = "user_repair")
    {
        var cluster = askedOf.Cluster;
        var id = askedOf.Store.NextId("tablet-repair");
        var task = cluster.Tasks.Begin(new SimTask(id, null, "tablets", type, "table")
        {
            Keyspace = keyspace, Table = table, Abortable = true, StartedAt = cluster.Agenda.Now,
        });
        cluster.Agenda.After(cluster.Dice.Between($"{id}/length", 10, 30), () => Finish(askedOf, task, cause));
        return task;
    }

    private static void Finish(SimNode askedOf, SimTask task, Cause cause)
    {
        var cluster = askedOf.Cluster;
        if (task.EndedAt is not null)
        {
            return;
        }

        if (task.AbortAsked)
        {
            task.End(cluster.Agenda.Now, "abort requested");
        }
        else if (cluster.Nodes.All(node => node.Process == ProcessState.Running))
        {
            cluster.Record(askedOf, "tablet-repair", cause);
            task.End(cluster.Agenda.Now);
        }
        else
        {
            cluster.Agenda.After(TimeSpan.FromSeconds(5), () => Finish(askedOf, task, cause));
        }
    }
}
