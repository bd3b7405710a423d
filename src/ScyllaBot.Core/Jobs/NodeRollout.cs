using System.Runtime.ExceptionServices;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Runs a node workflow's steps over its nodes in the order and number that <see cref="RollingPlan"/> allows.</summary>
internal sealed partial class NodeRollout(JobRun run, int clusterStep) : IFanOut
{
    private readonly string _path = JobPaths.Cluster(clusterStep);
    private readonly SortedSet<string> _working = new(StringComparer.Ordinal);
    private readonly SafetyVote _vote = new(run);
    private readonly TuneVote _tuned = new(run, clusterStep);
    private ExceptionDispatchInfo? _broken;

    /// <summary>Until every node is done. When its time is over no further node starts; those at work finish first.</summary>
    /// <exception cref="ParkedException">The job left Running; held nodes have finished, been brought back or failed (R3, R4).</exception>
    public async Task RunAsync(NodeWorkflow workflow, CancellationToken ct)
    {
        await ChosenNodes.ChooseAsync(run, _path, workflow, ct);
        await RollAsync(workflow, mayBegin: true, ct);
    }

    /// <summary>Held nodes only, whatever the job's state: they finish their own steps or are brought back (R3, R4).</summary>
    public async Task TendHeldAsync(NodeWorkflow workflow)
    {
        try
        {
            await RollAsync(workflow, mayBegin: false, CancellationToken.None);
        }
        catch (ParkedException)
        {
            // Nothing more can be done for them now; the journal says why.
        }
    }

    /// <summary>Whatever ends it, nobody is at work any more then: whoever rolls next would start their steps a second time.</summary>
    private async Task RollAsync(NodeWorkflow workflow, bool mayBegin, CancellationToken ct)
    {
        try
        {
            await RollToTheEndAsync(workflow, mayBegin, ct);
        }
        finally
        {
            while (_working.Count > 0)
            {
                await run.Changed.Next.WaitAsync(CancellationToken.None);
            }
        }
    }

    private async Task RollToTheEndAsync(NodeWorkflow workflow, bool mayBegin, CancellationToken ct)
    {
        var stops = new RolloutStops(() => run.Job, _path, workflow);
        var plan = JobPaths.Plan(run.Job, clusterStep, workflow, run.Ports.Judgement).With(_tuned).With(stops);
        await using var late = ct.Register(run.Changed.Set);
        while (true)
        {
            var changed = run.Changed.Next;
            await run.AppendAsync(_ => _tuned.LeftOut(plan, Progress(plan)));
            var progress = Progress(plan);
            ImmutableArray<(TargetNode Node, bool Restore)> chosen = [.. Startable(plan, progress, mayBegin && !ct.IsCancellationRequested)];
            var voted = plan;
            var last = await CoordinatorLast.VoteAsync(run, plan, progress, workflow.TakesDown);
            run.GoesLast = last?.Leader;
            if (last is not null)
            {
                (voted, progress) = (plan.With(last), Progress(plan));
                chosen = [.. Startable(voted, progress, mayBegin && !ct.IsCancellationRequested)];
            }

            var gate = await GateAsync(workflow, chosen);
            if (gate is not null)
            {
                (voted, progress) = (voted.With(new GateVote(gate, n => IsAhead(workflow, n))), Progress(plan));
                chosen = [.. Startable(voted, progress, mayBegin && !ct.IsCancellationRequested)];
            }

            var wanted = chosen.Length;
            if (await _vote.ReadAsync(workflow, chosen, _working) is { } vote)
            {
                // Things went on while the cluster was asked.
                (voted, progress) = (voted.With(vote), Progress(plan));
                chosen = [.. Startable(voted, progress, mayBegin && !ct.IsCancellationRequested)];
            }

            Begin(chosen);
            Explain(voted);
            if (chosen.IsEmpty && CanStop(mayBegin, ct) && stops.Due(plan, progress) is { } stop)
            {
                await RunStopAsync(stop);
                continue;
            }

            if (gate is not null && chosen.IsEmpty)
            {
                await PassGateAsync(gate, changed, CanStop(mayBegin, ct), ct);
                continue;
            }

            if (_working.Count == 0 && !changed.HasPassed)
            {
                End(plan, progress, mayBegin, ct);
                await _vote.AfterLastAsync(workflow, _path, ct);
                return;
            }

            // A free slot that only the cluster's word kept empty is offered again soon: a node that starts sees the others down for a moment.
            await changed.WaitAsync(chosen.Length < wanted ? AskAgain : Timeout.InfiniteTimeSpan, CancellationToken.None);
        }
    }

    private void End(RollingPlan plan, RollingProgress progress, bool mayBegin, CancellationToken ct)
    {
        _broken?.Throw();
        ct.ThrowIfCancellationRequested();
        if (!mayBegin || run.Job.State != JobState.Running || run.HostStopping.IsCancellationRequested)
        {
            throw new ParkedException($"{_path}: the job is {run.Job.State}");
        }

        if (!plan.Nodes.All(n => progress.Done.Contains(n.Name)))
        {
            throw new UnrecoverableException($"no node is at work, yet none may start: {run.WhyNotNext}");
        }
    }

    private IEnumerable<(TargetNode Node, bool Restore)> Startable(RollingPlan plan, RollingProgress progress, bool mayBegin)
    {
        if (_broken is not null || run.Job.IsUnlocked || run.HostStopping.IsCancellationRequested)
        {
            return [];
        }

        return mayBegin && run.Job.State == JobState.Running
            ? plan.Next(progress).Select(n => (n, false))
            : plan.Nodes.Where(n => !_working.Contains(n.Name) && run.Job.Held.ContainsKey(n.Name))
                .Select(n => (Node: n, Restore: IsToBeRestored(n.Name)))
                .Where(x => x.Restore || MayFinish(x.Node.Name)).ToArray();
    }

    /// <summary>R3: a held node finishes its own steps whatever the job's state; not after its own failure, not under abort-now.</summary>
    private bool MayFinish(string node) => run.Job.Abort is not { Now: true } && run.Upgrade.IsSettled && !JobPaths.HasFailed(run.Job, node);

    /// <summary>R4: somebody asked for it, or the job is aborted and the node can not finish by itself.</summary>
    private bool IsToBeRestored(string node) =>
        run.Job.Restoring.Contains(node) || (run.Job.State == JobState.Aborting && !MayFinish(node));

    /// <summary>Never throws: what ended it is in the journal, or is thrown once nobody is at work any more.</summary>
    private async Task WorkAsync(TargetNode target, bool restore)
    {
        try
        {
            await Task.Yield();
            var node = run.Bound.Cluster.Find(target.Name)
                ?? throw new UnrecoverableException($"{target.Name} is no longer in the inventory");
            await (restore ? Task.CompletedTask : StepMode.AskAsync(run, _path, node));
            await (restore ? RestoreAsync(node) : RunNodeAsync(node));
        }
        catch (Exception end) when (end is ParkedException or NodeSkippedException or OperationCanceledException)
        {
            // Recorded in the journal by the step that ended it.
        }
        catch (Exception broken)
        {
            _broken ??= ExceptionDispatchInfo.Capture(broken);
        }
        finally
        {
            _working.Remove(target.Name);
            run.Changed.Set();
        }
    }

    private async Task RunNodeAsync(Node node)
    {
        if (await IsPassedOverAsync(node))
        {
            return;
        }

        var steps = run.Bound.Loaded.NodeTasksFor(_path, node);
        for (var i = 0; i < steps.Length; i++)
        {
            await RunOwnAsync(node, steps, i);
        }
    }

    private async Task RestoreAsync(Node node)
    {
        var steps = run.Bound.Loaded.RestoreFor(_path, node);
        var round = run.Job.RestoreRounds.GetValueOrDefault(node.Name);
        for (var i = 0; i < steps.Length; i++)
        {
            var last = i == steps.Length - 1;
            await RunStepAsync(steps[i], JobPaths.Restore(clusterStep, round, i, node.Name), node, null, job =>
                last ? [new NodeReleased(run.Time.GetUtcNow(), node.Name, ReleaseReason.Restored) { Anew = AnewFrom(job, node) }] : []);
        }
    }

    private StepKey? AnewFrom(Job job, Node node)
    {
        if (run.MayBeOut.Contains(node.Name) && run.Bound.Cluster.Find(node.Name) is { IsInRing: false } && job.Held.TryGetValue(node.Name, out var begun))
        {
            // It was left out of the ring: what was begun to bring it in is gone.
            return begun.Key;
        }

        var own = run.Bound.Loaded.NodeTasksFor(_path, node);
        var first = job.Held.TryGetValue(node.Name, out var held) ? Enumerable.Range(0, own.Length).FirstOrDefault(i => JobPaths.Node(clusterStep, i, node.Name) == held.Key, -1) : -1;
        var next = Enumerable.Range(0, own.Length).FirstOrDefault(i => !job.HasPassed(JobPaths.Node(clusterStep, i, node.Name)), own.Length);

        // Restore steps of the workflow's own may undo what has passed, such as a file or a package: then nothing after the takedown counts any more.
        var isUndone = run.Bound.Loaded.RestoreFor(_path, node) != LoadedWorkflow.DefaultRestore && first < next;
        return first >= 0 && (isUndone || HeldSteps.NeedsDown(own, first, next)) ? held!.Key : null;
    }

    /// <param name="beforeHeld">Null for a restore step: it never holds the node.</param>
    private Task RunStepAsync(
        Step<NodeContext> step, StepKey key, Node node, Func<NodeContext, CancellationToken, Task<ImmutableArray<JobEvent>>>? beforeHeld,
        Func<Job, ImmutableArray<JobEvent>> withSuccess)
    {
        var isRescue = beforeHeld is null;
        var runner = new StepRunner<NodeContext>(run, step, key, attempt => new NodeContext(ContextOf(key, attempt, isRescue), node))
        {
            IsRescue = isRescue, WithSuccess = withSuccess, BeforeHeld = beforeHeld ?? ((_, _) => Task.FromResult(ImmutableArray<JobEvent>.Empty)),
        };
        return runner.RunAsync();
    }

    private ClusterContext ContextOf(StepKey key, int attempt, bool isRescue) =>
        run.Context(key, attempt, this) is var context && isRescue ? context with { IsWayOut = () => true } : context;
}
