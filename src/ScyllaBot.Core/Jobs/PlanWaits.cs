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
    private const int MostNamed = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HashSet<(string Node, object Condition)> _seen = [];

    public async Task<ImmutableArray<string>> ReadAsync(CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var end = ports.Time.GetUtcNow() + Patience;
        var (looked, left) = (0, new List<Look>());
        foreach (var look in Looks().Where(l => _seen.Add((l.Node, l.Condition))))
        {
            if (left.Count > 0 || looked == MostLooks || ports.Time.GetUtcNow() >= end)
            {
                left.Add(look);
                continue;
            }

            looked++;
            if (await look.ReadAsync(ct) is { } why)
            {
                found.Add(why);
            }
        }

        return left.Count == 0 ? found.ToImmutable() : [.. found, Unknown(left, looked)];
    }

    private static string Unknown(List<Look> left, int looked)
    {
        var steps = left.GroupBy(l => l.Step, StringComparer.Ordinal).ToArray();
        var names = steps.Take(MostNamed).Select(s => s.Select(l => l.Node).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).Count() is var nodes and > 0 ? $"{s.Key} ({nodes} {(nodes == 1 ? "node" : "nodes")})" : s.Key);
        return $"Not known for {string.Join(", ", names)}{(steps.Length > MostNamed ? $" and {steps.Length - MostNamed} more steps" : "")}: a plan looks at {MostLooks} preconditions at most"
            + $"{(looked < MostLooks ? $" and for {Patience.TotalSeconds:0} s at most" : "")}; a run looks at each before its step.";
    }

    private IEnumerable<Look> Looks()
    {
        for (var i = 0; i < binding.Workflow.ClusterTasks.Count; i++)
        {
            var (step, path) = (binding.Workflow.ClusterTasks[i], JobPaths.Cluster(i));
            foreach (var condition in step.Task.Preconditions)
            {
                yield return new Look(step.Title, "", condition, ct => LookAsync(condition, Context(path), step.Title, ct));
            }

            foreach (var name in step.Task is NodeWorkflow nodes ? Nodes(nodes) : [])
            {
                var node = plan.Cluster.Find(name)!;
                foreach (var own in binding.NodeTasksFor(path, node))
                {
                    foreach (var condition in own.Task.Preconditions)
                    {
                        yield return new Look(own.Title, name, condition, ct => LookAsync(condition, new NodeContext(Context(path), node), $"{own.Title} on {name}", ct));
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

    private static async Task<string?> LookAsync<TContext>(ICondition<TContext> condition, TContext context, string what, CancellationToken ct)
        where TContext : ClusterContext
    {
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

    /// <param name="Node">Empty for a step of the cluster.</param>
    private sealed record Look(string Step, string Node, object Condition, Func<CancellationToken, Task<string?>> ReadAsync);

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
