using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Where a rollout stops although nodes are left: between batches, outside its time, while a repair runs.</summary>
internal sealed partial class NodeRollout
{
    private void Begin(ImmutableArray<(TargetNode Node, bool Restore)> chosen)
    {
        foreach (var (node, restore) in chosen)
        {
            _working.Add(node.Name);
            _ = WorkAsync(node, restore);
        }
    }

    /// <summary>As often as the guards look: large clusters are not asked more often than they can bear (R6).</summary>
    private TimeSpan AskAgain => TimeSpan.FromSeconds(Math.Max(run.GuardSettings.LookEvery.TotalSeconds, run.Bound.Cluster.Nodes.Length * 0.1));

    /// <summary>Asked only when a node would start that has something disruptive ahead.</summary>
    private async Task<ClosedGate?> GateAsync(NodeWorkflow workflow, ImmutableArray<(TargetNode Node, bool Restore)> chosen) =>
        chosen.Any(c => !c.Restore && IsAhead(workflow, c.Node.Name))
            ? await run.Gates.ReadAsync(workflow.TakesDown, run.HostStopping)
            : null;

    private bool IsAhead(NodeWorkflow workflow, string node) => !run.Job.Held.ContainsKey(node) && Enumerable.Range(0, workflow.NodeTasks.Count)
        .Any(i => RepairRounds.Disrupts(workflow.NodeTasks[i].Task, workflow.NodeTasks[i].Tag) && !run.Job.HasPassed(JobPaths.Node(clusterStep, i, node)));

    /// <summary>Lets due repairs through where that is what is waited for; otherwise until the gate may be open, or something changes.</summary>
    private async Task PassGateAsync(ClosedGate gate, Signal.Moment changed, bool isSafePoint, CancellationToken late)
    {
        if (isSafePoint && await run.Gates.LetThroughAsync())
        {
            return;
        }

        run.HostStopping.ThrowIfCancellationRequested();
        late.ThrowIfCancellationRequested();
        await using var stop = run.HostStopping.Register(run.Changed.Set);
        await changed.WaitAsync(gate.Look, CancellationToken.None);
    }

    private bool CanStop(bool mayBegin, CancellationToken ct) => mayBegin && _working.Count == 0 && _broken is null && run.Job.State == JobState.Running
        && !ct.IsCancellationRequested && !run.HostStopping.IsCancellationRequested;

    /// <summary>Cluster steps at a safe point: nobody is at work meanwhile.</summary>
    private async Task RunStopAsync(RolloutStops.Stop stop)
    {
        for (var i = 0; i < stop.Steps.Count; i++)
        {
            await RunStopStepAsync(stop.Steps[i], JobPaths.Stop(_path, stop.Name, i));
        }
    }

    /// <summary>Looked at once, before anything was done to the node.</summary>
    private async Task<bool> IsPassedOverAsync(Node node)
    {
        var criteria = JobPaths.Touched(run.Job, _path).Contains(node.Name) ? [] : run.Bound.Loaded.SkipWhenFor(_path, node);
        var key = new StepKey(_path, node.Name);
        if (criteria.IsEmpty || await SkipCheck.WhyAsync(criteria, new NodeContext(ContextOf(key, 0, isRescue: false), node), run.HostStopping) is not { } why)
        {
            return false;
        }

        await run.AppendAsync(job => job.State == JobState.Running ? [new NodePassedOver(run.Time.GetUtcNow(), _path, node.Name, why)] : []);
        return true;
    }
}
