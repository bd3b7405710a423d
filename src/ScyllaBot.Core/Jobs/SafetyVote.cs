using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// The cluster's own word on a rollout: nodes go to work together only if all of them may be down together (decision 10), and after the last
/// one everyone must see everyone (R2). A node that has to wait for its turn waits outside its slot, so its patience does not run out.
/// </summary>
internal sealed class SafetyVote(JobRun run)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterLast = TimeSpan.FromMinutes(30);

    /// <returns>What the cluster says to those that the plan would start now; null when nobody would join anybody, and it need not be asked.</returns>
    public async Task<IRollingConstraint?> ReadAsync(
        NodeWorkflow workflow, ImmutableArray<(TargetNode Node, bool Restore)> chosen, IReadOnlySet<string> working)
    {
        if (!workflow.TakesDown || !chosen.Any(c => !c.Restore && !run.Job.Held.ContainsKey(c.Node.Name)) || working.Count + chosen.Length <= 1)
        {
            return null;
        }

        var held = run.Job.Held.Keys.ToImmutableSortedSet(StringComparer.Ordinal);
        try
        {
            var snapshot = await run.Bound.Watch.ReadAsync(Freshness, run.HostStopping);
            var availability = await AvailabilityReader.ReadAsync(run.Bound.Cluster, snapshot, run.Ports.Http, run.Ports.Commands, null, run.HostStopping);

            // Who is down is asked last: reading the rings takes its time, and liveness must be fresh (R15).
            snapshot = await run.Bound.Watch.ReadAsync(Freshness, run.HostStopping);
            held = run.Job.Held.Keys.ToImmutableSortedSet(StringComparer.Ordinal);
            return new StaysAvailable(availability, snapshot.DownInAnyView(held).Union(run.Job.KnownDown()), held, run.Ports.Judgement.WhyNotDown);
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException)
        {
            // Whatever it is: those at work go on with their steps, and who is alone judges for itself and says it on the card.
            return new NobodyJoins(unreadable.Message, held);
        }
    }

    /// <summary>R2: after the last node nothing is excepted, but for nodes that a human or the workflow gave up.</summary>
    /// <exception cref="UnrecoverableException">The cluster does not become normal.</exception>
    public async Task AfterLastAsync(NodeWorkflow workflow, string path, CancellationToken ct)
    {
        if (!workflow.TakesDown || run.Bound.IsOneStep)
        {
            return;
        }

        var key = new StepKey(path, null);
        var context = run.Context(key, run.Job.Step(key)?.Attempt ?? 1, new NodeRollout(run, JobPaths.ClusterStepOf(key))) with { Held = () => run.Job.KnownDown().Union(run.Job.SkippedNodes.Keys) };
        var wait = new ConditionWait(run.Time, run.Time.GetUtcNow(), key, context.Log, (condition, seen) => run.Report(key, condition, seen));
        var normal = new ConditionCheck<ClusterContext> { Condition = new ClusterNormal(), Timeout = AfterLast };
        var raft = new ConditionCheck<ClusterContext> { Condition = new RaftAnswers(), Timeout = AfterLast };
        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.Unheld, run.HostStopping);
        try
        {
            await wait.ForAsync(normal, context, link.Token);
            if (await IsDegradedAsync(context, link.Token))
            {
                await wait.ForAsync(raft, context, link.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ParkedException($"{path}: the job is {run.Job.State}");
        }
    }

    /// <summary>Unreadable counts as degraded: the barrier then waits until it can be read.</summary>
    private static async Task<bool> IsDegradedAsync(ClusterContext context, CancellationToken ct)
    {
        try
        {
            return (await Availability.ReadAsync(context, await context.Watch.ReadAsync(Freshness, ct), ct)).NeedsReadBarrier;
        }
        catch (RecoverableException)
        {
            return true;
        }
    }
}
