using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
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
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <returns>Why the node was held back at the last vote; null when it was not.</returns>
    public string? WhyNot(string node) => _reasons.GetValueOrDefault(node);

    /// <summary>Of those that the plan would start now, the ones that may be down together with each other and with those at work.</summary>
    public async Task<ImmutableArray<(TargetNode Node, bool Restore)>> SafeAsync(
        NodeWorkflow workflow, ImmutableArray<(TargetNode Node, bool Restore)> chosen, IReadOnlySet<string> working)
    {
        _reasons.Clear();
        var wanting = chosen.Where(c => !c.Restore && !run.Job.Held.ContainsKey(c.Node.Name)).ToArray();
        if (!TakesDown(workflow) || wanting.Length == 0 || working.Count + chosen.Length <= 1)
        {
            return chosen;
        }

        var others = working.Concat(chosen.Where(c => !wanting.Contains(c)).Select(c => c.Node.Name)).ToImmutableSortedSet(StringComparer.Ordinal);
        var safe = chosen.Where(c => !wanting.Contains(c)).ToImmutableArray();
        try
        {
            var snapshot = await run.Bound.Watch.ReadAsync(Freshness, run.HostStopping);
            var availability = await AvailabilityReader.ReadAsync(run.Bound.Cluster, snapshot, run.Ports.Http, run.Ports.Commands, null, run.HostStopping);
            var down = snapshot.DownInAnyView().Union(run.Job.Held.Keys).Union(others);
            foreach (var candidate in wanting)
            {
                // Alone it needs no vote: its own preconditions judge it, and say on the card what it waits for.
                var why = others.IsEmpty ? null : run.Ports.Judgement.WhyNotDown(availability, down.Add(candidate.Node.Name));
                if (why is null)
                {
                    (safe, others, down) = (safe.Add(candidate), others.Add(candidate.Node.Name), down.Add(candidate.Node.Name));
                }
                else
                {
                    _reasons[candidate.Node.Name] = why;
                }
            }
        }
        catch (RecoverableException unreadable)
        {
            // Unreadable topology = refuse (decision 10): nobody joins those at work; one may begin where nobody is, and judges for itself.
            foreach (var candidate in wanting.Skip(others.IsEmpty ? 1 : 0))
            {
                _reasons[candidate.Node.Name] = unreadable.Message;
            }

            safe = others.IsEmpty ? safe.Add(wanting[0]) : safe;
        }

        return safe;
    }

    /// <summary>R2: after the last node nothing is excepted, but for nodes that a human or the workflow gave up.</summary>
    /// <exception cref="UnrecoverableException">The cluster does not become normal.</exception>
    public async Task AfterLastAsync(NodeWorkflow workflow, string path, CancellationToken ct)
    {
        if (!TakesDown(workflow) || run.Bound.IsOneStep)
        {
            return;
        }

        var key = new StepKey(path, null);
        var context = run.Context(key, run.Job.Step(key)?.Attempt ?? 1, new NodeRollout(run, JobPaths.ClusterStepOf(key))) with { Held = () => [.. run.Job.SkippedNodes.Keys] };
        var wait = new ConditionWait(run.Time, run.Time.GetUtcNow(), key, context.Log, (condition, seen) => run.Report(key, condition, seen));
        var normal = new ConditionCheck<ClusterContext> { Condition = new ClusterNormal(), Timeout = AfterLast };
        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.Unheld, run.HostStopping);
        try
        {
            await wait.ForAsync(normal, context, link.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ParkedException($"{path}: the job is {run.Job.State}");
        }
    }

    private static bool TakesDown(NodeWorkflow workflow) => workflow.NodeTasks.Any(s => s.Tag.Direction == Direction.TakesDown);
}
