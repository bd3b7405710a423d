using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Runs a node workflow's steps over its nodes in the order and number that <see cref="RollingPlan"/> allows.</summary>
internal sealed class NodeRollout(JobRun run, int clusterStep) : IFanOut
{
    private readonly string _path = JobPaths.Cluster(clusterStep);

    /// <summary>Until every node is done.</summary>
    /// <exception cref="ParkedException">The job left Running; held nodes have finished their own steps or failed (R3).</exception>
    public Task RunAsync(NodeWorkflow workflow, CancellationToken ct) => RollAsync(workflow);

    private async Task<bool> RollAsync(NodeWorkflow workflow)
    {
        var plan = JobPaths.Plan(run.Job, workflow, run.Services.Judgement);
        var working = new SortedDictionary<string, Task>(StringComparer.Ordinal);
        while (true)
        {
            var changed = run.Changed.Next;
            await DropFinishedAsync(working);
            var progress = Progress(plan, working.Keys);
            foreach (var node in Startable(plan, progress))
            {
                working[node.Name] = RunNodeAsync(node, workflow);
            }

            Explain(plan, working.Keys);
            if (working.Count == 0)
            {
                if (run.Job.State != JobState.Running || run.HostStopping.IsCancellationRequested)
                {
                    throw new ParkedException($"{_path}: the job is {run.Job.State}");
                }

                return plan.Nodes.All(n => progress.Done.Contains(n.Name))
                    ? true
                    : throw new UnrecoverableException($"no node is at work, yet none may start: {run.WhyNotNext}");
            }

            await Task.WhenAny([changed, .. working.Values]);
        }
    }

    private IEnumerable<TargetNode> Startable(RollingPlan plan, RollingProgress progress) => run.HostStopping.IsCancellationRequested
        ? []
        : run.Job.State == JobState.Running
            ? plan.Next(progress)
            : plan.Nodes.Where(n => !progress.Working.Contains(n.Name) && MayFinish(n.Name)).ToArray();

    /// <summary>R3: a held node finishes its own steps whatever the job's state; not after its own failure, not under abort-now.</summary>
    private bool MayFinish(string node) => run.Job.Held.ContainsKey(node) && run.Job.Abort is not { Now: true } && !JobPaths.HasFailed(run.Job, node)
        && !run.Job.Restoring.Contains(node);

    private RollingProgress Progress(RollingPlan plan, IEnumerable<string> working)
    {
        var names = plan.Nodes.Select(n => n.Name).ToArray();
        var done = names.Where(n => JobPaths.IsDone(run, clusterStep, n)).ToImmutableSortedSet(StringComparer.Ordinal);
        var begun = names.Where(n => !done.Contains(n) && (run.Job.Held.ContainsKey(n) || run.Job.Steps.Keys.Any(k => k.Node == n)));
        return new RollingProgress(
            done, working.ToImmutableSortedSet(StringComparer.Ordinal),
            begun.Where(n => !working.Contains(n, StringComparer.Ordinal)).ToImmutableSortedSet(StringComparer.Ordinal));
    }

    private void Explain(RollingPlan plan, IEnumerable<string> working)
    {
        var progress = Progress(plan, working);
        var next = plan.Nodes.FirstOrDefault(n => !progress.Done.Contains(n.Name) && !progress.Working.Contains(n.Name));
        run.WhyNotNext = next is null ? null : plan.WhyNot(next, progress);
    }

    private static async Task DropFinishedAsync(SortedDictionary<string, Task> working)
    {
        foreach (var (name, task) in working.Where(w => w.Value.IsCompleted).ToArray())
        {
            working.Remove(name);
            try
            {
                await task;
            }
            catch (Exception end) when (end is ParkedException or NodeSkippedException or OperationCanceledException)
            {
                // Recorded in the journal by the step that ended it.
            }
        }
    }

    private async Task RunNodeAsync(TargetNode target, NodeWorkflow workflow)
    {
        await Task.Yield();
        var node = run.Bound.Cluster.Find(target.Name)
            ?? throw new UnrecoverableException($"{target.Name} is no longer in the inventory");
        var steps = run.Bound.Loaded.NodeTasksFor(_path, node);
        for (var i = 0; i < steps.Length; i++)
        {
            var last = i == steps.Length - 1;
            await RunStepAsync(steps[i], JobPaths.Node(clusterStep, i, node.Name), node, rescue: false, job =>
                last && job.Held.ContainsKey(node.Name) ? [new NodeReleased(run.Time.GetUtcNow(), node.Name, ReleaseReason.Done)] : []);
        }
    }

    /// <summary>R4: brings one node back by its restore steps.</summary>
    public async Task RestoreAsync(Node node)
    {
        var steps = run.Bound.Loaded.RestoreFor(_path, node);
        var round = run.Job.RestoreRounds.GetValueOrDefault(node.Name);
        for (var i = 0; i < steps.Length; i++)
        {
            var last = i == steps.Length - 1;
            await RunStepAsync(steps[i], JobPaths.Restore(clusterStep, round, i, node.Name), node, rescue: true, _ =>
                last ? [new NodeReleased(run.Time.GetUtcNow(), node.Name, ReleaseReason.Restored)] : []);
        }
    }

    private Task RunStepAsync(Step<NodeContext> step, StepKey key, Node node, bool rescue, Func<Job, ImmutableArray<JobEvent>> withSuccess) =>
        new StepRunner<NodeContext>(run, step, key, attempt => new NodeContext(run.Context(key, attempt, this), node))
        {
            IsRescue = rescue, WithSuccess = withSuccess,
        }.RunAsync();
}
