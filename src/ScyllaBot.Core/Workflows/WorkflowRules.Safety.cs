using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>What would leave a node down, a wait without an end or something switched off. A one-off task (R18) is exempt: a person asked for just that.</summary>
internal sealed partial class WorkflowRules
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    /// <summary>
    /// What a health wait is: one of these among its checks. All but the last say that the node serves, by its own word or by everyone's; the last only
    /// that its Scylla answers and is idle, which the article's own listing contents itself with: the next node's preconditions ask for the rest.
    /// </summary>
    private static readonly ImmutableArray<Type> Health = [typeof(UpForAllPeers), typeof(IsUpNormal), typeof(CqlServing), typeof(ClusterNormal), typeof(CompactionsNominal)];

    private static readonly ImmutableArray<DebtKind> Switched = [DebtKind.ManagerSuspended, DebtKind.TabletBalancing, DebtKind.NativeTransport, DebtKind.Silence];

    private void CheckSafety(Workflow workflow)
    {
        var cluster = Present(workflow.ClusterTasks);
        if (cluster is [{ Task: not NodeWorkflow }] or [{ Task: NodeWorkflow { NodeTasks: null or { Count: 1 } } }])
        {
            return;
        }

        CheckBounds(cluster.Concat(Present(workflow.Always)));
        CheckUndone(cluster, Present(workflow.Always));
        foreach (var nodes in cluster.Select(s => s.Task).OfType<NodeWorkflow>())
        {
            CheckComesBack(Present(nodes.NodeTasks));
            CheckComesBack(Present(nodes.Restore));
            CheckMovement(nodes);
            CheckBounds(Present(nodes.NodeTasks).Concat(Present(nodes.Restore)));
            CheckBounds(Present(nodes.BetweenBatches).Concat(Present(nodes.BeforeLastNode)));
        }
    }

    /// <summary>
    /// Whoever is taken down is waited for on every path: a wait that may be skipped is none. What a failure leaves behind is no path: between the
    /// two only halt is allowed (R3). A node that has left the ring is waited for by nobody.
    /// </summary>
    private void CheckComesBack(Step<NodeContext>[] steps)
    {
        Step<NodeContext>? down = null;
        var isOut = false;
        foreach (var step in steps)
        {
            if (step.Task is IChangesMembership and not IJoinsRing)
            {
                (down, isOut) = (null, true);
            }
            else if (TakesDown(step) && !isOut)
            {
                down ??= step;
            }
            else if (step.Tag.Direction == Direction.BringsUp)
            {
                isOut = false;
            }
            else if (IsHealthWait(step))
            {
                down = null;
            }
        }

        if (down is not null)
        {
            errors.Add(binder.OriginOf(down).MarkOf("task"),
                $"!{down.Tag.Name} takes the node down, and not on every path does a health wait follow",
                $"a later !wait-for-conditions, without skip_when, with {string.Join(", ", Health.Select(h => $"!{TagAttribute.Of(h).Name}"))}");
        }
    }

    private static bool IsHealthWait(Step<NodeContext> step) => step is { Task: WaitForConditions waits, SkipWhen: null or { Count: 0 } }
        && (waits.Conditions is null || waits.Conditions.Any(c => c?.Condition is null || c.Condition is ITellsHealth));

    /// <summary>No wait without an end: seven days at most, and a task that lasts as long as there is data needs a time from its step.</summary>
    private void CheckBounds<T>(IEnumerable<Step<T>> steps)
    {
        foreach (var step in steps)
        {
            var origin = binder.OriginOf(step);
            if (step.Timeout > LongestWait)
            {
                TooLong(origin.MarkOf("timeout_seconds"));
            }

            if (step.Task is ILasts && origin.Find("timeout_seconds") is null)
            {
                errors.Add(origin.MarkOf("task"), $"!{step.Tag.Name} lasts as long as there is data: say when somebody is to be called", "timeout_seconds: 86400 beside `task`");
            }

            foreach (var input in Input.AllOf(step.Task.GetType()).Where(i => i.Type == typeof(TimeSpan) && i.Property.GetValue(step.Task) is TimeSpan span && span > LongestWait))
            {
                TooLong(binder.OriginOf(step.Task).MarkOf(input.Name));
            }

            foreach (var check in ChecksOf(step.Task).Where(c => c.Timeout > LongestWait))
            {
                TooLong(binder.OriginOf(check.Check).MarkOf("timeout_seconds"));
            }
        }
    }

    private static IEnumerable<(object Check, TimeSpan Timeout)> ChecksOf(object task) => task switch
    {
        WaitForConditions waits => (waits.Conditions ?? []).Where(c => c is not null).Select(c => ((object)c, c.Timeout)),
        WaitForCluster waits => (waits.Conditions ?? []).Where(c => c is not null).Select(c => ((object)c, c.Timeout)),
        _ => [],
    };

    private void TooLong(YamlMark at) => errors.Add(at, "longer than 7 days: a wait that long ends with nobody remembering it", "604800");

    private void CheckMovement(NodeWorkflow nodes)
    {
        var origin = binder.OriginOf(nodes);
        var mayBeMore = nodes.ConcurrencyLimit > 1 || (origin.Find("concurrency_limit") is YamlScalar limit && Templates.HasTemplate(limit.Text));
        if (mayBeMore && !nodes.AllowParallelDataMovement && nodes.ConcurrencyUnit != ConcurrencyUnit.Node
            && Present(nodes.NodeTasks).FirstOrDefault(s => s.Task is IMovesData or IJoinsRing) is { } moves)
        {
            errors.Add(origin.MarkOf("concurrency_limit"),
                $"!{moves.Tag.Name} moves data, and with this limit several nodes may do so at once", "allow_parallel_data_movement: true, or a limit of 1");
        }
    }

    /// <summary>Whatever is switched off for the time being is switched on again: later in the same steps, after them, or in <c>always</c>.</summary>
    private void CheckUndone(Step<ClusterContext>[] cluster, Step<ClusterContext>[] always)
    {
        for (var i = 0; i < cluster.Length; i++)
        {
            var after = cluster[(i + 1)..].SelectMany(Flat).Concat(always.SelectMany(Flat)).ToArray();
            if (cluster[i].Task is NodeWorkflow nodes)
            {
                CheckUndone(Present(nodes.NodeTasks), after);
                CheckUndone(Present(nodes.BetweenBatches), after);
                CheckUndone(Present(nodes.BeforeLastNode), after);
            }
            else
            {
                CheckUndone(cluster[i..(i + 1)], after);
            }
        }
    }

    private void CheckUndone<T>(Step<T>[] steps, (object Task, bool MaySkip)[] after)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var later = steps[(i + 1)..].Select(s => ((object Task, bool MaySkip))(s.Task, s.SkipWhen is { Count: > 0 })).Concat(after).Where(s => !s.MaySkip).ToArray();
            foreach (var kind in Switched.Where(k => Owes(steps[i].Task, k) && !later.Any(l => Pays(l.Task, k))))
            {
                errors.Add(binder.OriginOf(steps[i]).MarkOf("task"), $"!{steps[i].Tag.Name} is undone by no later step and not in `always`", Undo(kind));
            }
        }
    }

    private static IEnumerable<(object Task, bool MaySkip)> Flat(Step<ClusterContext> step) => step.Task is NodeWorkflow nodes
        ? Present(nodes.NodeTasks).Select(s => ((object)s.Task, s.SkipWhen is { Count: > 0 }))
        : [(step.Task, step.SkipWhen is { Count: > 0 })];

    private static bool Owes(object task, DebtKind kind) => task is not Scylla.Tasks.TabletBalancing { Set: not BalancingWish.Off }
        && task.GetType().GetCustomAttributes(typeof(OwesAttribute), inherit: false).Cast<OwesAttribute>().Any(o => o.Kind == kind);

    /// <summary>A process that starts anew opens CQL as well.</summary>
    private static bool Pays(object task, DebtKind kind) => task is not Scylla.Tasks.TabletBalancing { Set: BalancingWish.Off }
        && (task.GetType().GetCustomAttributes(typeof(PaysAttribute), inherit: false).Cast<PaysAttribute>().Any(o => o.Kind == kind)
            || (kind == DebtKind.NativeTransport && task is SystemdStartService or SystemdRestartService or ScyllaBringBack or Reboot));

    private static string Undo(DebtKind kind) => kind switch
    {
        DebtKind.ManagerSuspended => "!manager-resume in `always`",
        DebtKind.TabletBalancing => "!tablet-balancing with set: as_found in `always`",
        DebtKind.NativeTransport => "a later !native-transport-on",
        _ => "a later !unsilence-alerts",
    };
}
