using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.ScyllaManager;

/// <summary>A repair as the Manager drives it: one unit after another, each a real repair on the nodes, so that `active_repair` and task lists show it.</summary>
internal sealed class RepairRun(SimCluster cluster, ManagerRun run)
{
    private SimTask? _now;

    /// <summary>Vnode keyspaces on every node, then tablet tables; `tablet_repair` takes tablets only.</summary>
    public static ImmutableArray<RepairUnit> UnitsOf(SimCluster cluster, ManagerTask task)
    {
        var units = ImmutableArray.CreateBuilder<RepairUnit>();
        foreach (var keyspace in cluster.Keyspaces.Where(ks => ks.Strategy != Strategy.Local))
        {
            var tables = keyspace.Tables.Where(table => KeyspaceFilter.Takes(task.Properties, keyspace.Name, table.Name)).ToArray();
            if (keyspace.UsesTablets)
            {
                units.AddRange(tables.Select(table => new RepairUnit(keyspace.Name, table.Name, null)));
            }
            else if (task.Type is "repair" && tables.Length > 0)
            {
                units.AddRange(cluster.Nodes.Select(node => new RepairUnit(keyspace.Name, tables[0].Name, node)));
            }
        }

        return units.ToImmutable();
    }

    public void Begin() => Next(0);

    /// <summary>Ends after the unit at work.</summary>
    public void Stop()
    {
        run.Status = "STOPPING";
        if (_now is { Node: { } node })
        {
            node.Repairs.Terminate(Cause.Nobody);
        }
        else
        {
            _now?.Abort();
        }
    }

    private void Next(int index)
    {
        if (run.Status is "STOPPING")
        {
            End("STOPPED", "");
            return;
        }

        if (index == run.Units.Length)
        {
            var failed = run.Units.Count(unit => unit.Result is "error");
            End(failed == 0 ? "DONE" : "ERROR", failed == 0 ? "" : $"master: {failed} of {run.Units.Length} token range sets failed to repair");
            return;
        }

        var unit = run.Units[index];
        unit.StartedAt = cluster.Agenda.Now;
        if (unit.Node is { Serves: false })
        {
            Ended(index, "error");
            return;
        }

        var keyspace = cluster.Keyspace(unit.Keyspace)!;
        _now = unit.Node is { } node
            ? node.Repairs.Start(keyspace, Cause.Nobody)
            : TabletRepairs.Running(cluster, unit.Keyspace, unit.Table) ?? TabletRepairs.Start(cluster.Nodes[0], unit.Keyspace, unit.Table, Cause.Nobody);
        var work = _now;
        work.WhenEnded(() => Ended(index, work.State is "failed" ? "error" : "success"));
    }

    private void Ended(int index, string result)
    {
        run.Units[index].Result = result;
        run.Units[index].EndedAt = cluster.Agenda.Now;

        // Not from within the end of the task before: a moment passes between two units.
        cluster.Agenda.After(TimeSpan.FromMilliseconds(100), () => Next(index + 1));
    }

    private void End(string status, string cause) => (run.Status, run.Cause, run.End) = (status, cause, cluster.Agenda.Now);
}
