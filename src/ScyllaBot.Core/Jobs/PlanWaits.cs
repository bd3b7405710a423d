using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Looks at the preconditions of a plan's steps once, as they are now: what a run would wait for. Node steps are asked for every node that the
/// step goes over, each condition once; conditions only read, and a plan does not take forever.
/// </summary>
internal sealed class PlanWaits(Plan plan, LoadedWorkflow binding, ClusterSnapshot snapshot, ClusterWatch watch, JobPorts ports)
{
    private const int MostLooks = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HashSet<(string Node, object Condition)> _seen = [];

    public async Task<ImmutableArray<string>> ReadAsync(CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var end = ports.Time.GetUtcNow() + Patience;
        foreach (var look in Looks())
        {
            if (_seen.Count >= MostLooks || ports.Time.GetUtcNow() >= end)
            {
                found.Add("Not every precondition was looked at.");
                break;
            }

            if (await look(ct) is { } why)
            {
                found.Add(why);
            }
        }

        return found.ToImmutable();
    }

    private IEnumerable<Func<CancellationToken, Task<string?>>> Looks()
    {
        for (var i = 0; i < binding.Workflow.ClusterTasks.Count; i++)
        {
            var (step, path) = (binding.Workflow.ClusterTasks[i], JobPaths.Cluster(i));
            foreach (var condition in step.Task.Preconditions)
            {
                yield return ct => LookAsync(condition, Context(path), step.Title, "", ct);
            }

            foreach (var name in step.Task is NodeWorkflow nodes ? Nodes(nodes) : [])
            {
                var node = plan.Cluster.Find(name)!;
                foreach (var own in binding.NodeTasksFor(path, node))
                {
                    foreach (var condition in own.Task.Preconditions)
                    {
                        yield return ct => LookAsync(condition, new NodeContext(Context(path), node), own.Title, name, ct);
                    }
                }
            }
        }
    }

    /// <summary>All of them, the first of each wave before the others: where there are too many, every zone was looked at.</summary>
    private IEnumerable<string> Nodes(NodeWorkflow workflow)
    {
        var waves = RollingPlan.Of(ChosenNodes.Preview(workflow, plan.Targets, snapshot), plan.Scope.Tighten(workflow)).Waves;
        return waves.Select(w => w.Nodes[0]).Concat(waves.SelectMany(w => w.Nodes)).Distinct(StringComparer.Ordinal);
    }

    private async Task<string?> LookAsync<TContext>(ICondition<TContext> condition, TContext context, string step, string node, CancellationToken ct)
        where TContext : ClusterContext
    {
        if (!_seen.Add((node, condition)))
        {
            return null;
        }

        var what = node.Length == 0 ? step : $"{step} on {node}";
        try
        {
            return await condition.WhyNotAsync(context, ct) is { } why ? $"{what} would wait: {why}" : null;
        }
        catch (RecoverableException unreadable)
        {
            return $"{what} would wait: {unreadable.Message}";
        }
        catch (UnrecoverableException never)
        {
            return $"{what} would fail: {never.Message}";
        }
    }

    private ClusterContext Context(string path)
    {
        var key = new StepKey(path, null);
        var (now, log) = (ports.Time.GetUtcNow(), new StepLog(NoLog.Instance, ports.Time, "plan", path, null));
        var known = plan.Scope.KnownDown.Select(k => k.Name).ToImmutableSortedSet(StringComparer.Ordinal);
        return new ClusterContext
        {
            Cluster = plan.Cluster,
            Stamp = new StepStamp("plan", path, 0, 0),
            Held = () => known,
            MayBeOut = RingChanges.MayBeOut(binding.Workflow, plan.Cluster, plan.Targets.Select(t => t.Name)),
            Watch = watch,
            Http = ports.Http,
            Commands = ports.Commands,
            Announce = NothingToDo.Instance,
            FanOut = NothingToDo.Instance,
            Judgement = ports.Judgement,
            Log = log,
            Time = ports.Time,
            Wait = new ConditionWait(ports.Time, now, key, log, (_, _) => { }),
        };
    }

    private sealed class NoLog : ILogSink
    {
        public static readonly NoLog Instance = new();

        public void Write(LogLine line)
        {
            // A plan is no job: it has no log.
        }
    }

    /// <summary>A plan changes nothing, and a condition asks for none of this.</summary>
    private sealed class NothingToDo : IAnnounce, IFanOut
    {
        public static readonly NothingToDo Instance = new();

        public Task SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct) => throw new UnrecoverableException("a plan says nothing");

        public Task RunAsync(NodeWorkflow workflow, CancellationToken ct) => throw new UnrecoverableException("a plan runs nothing");
    }
}
