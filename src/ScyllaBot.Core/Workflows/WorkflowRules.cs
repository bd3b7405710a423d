using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>What a workflow must not say although every word of it is right.</summary>
internal sealed partial class WorkflowRules(YamlBinder binder, Cluster? cluster, FileErrors errors)
{
    private const int MaxSteps = 1000;

    public void Check(Workflow workflow)
    {
        var steps = Present(workflow.ClusterTasks).Concat(Present(workflow.Always)).ToArray();
        var nodeWorkflows = steps.Select(s => s.Task).OfType<NodeWorkflow>().ToArray();
        var count = steps.Length + nodeWorkflows.Sum(w => 
            Present(w.NodeTasks).Length + Present(w.Restore).Length + Present(w.BetweenBatches).Length + Present(w.BeforeLastNode).Length);
        if (count > MaxSteps)
        {
            errors.Add(YamlMark.Start, $"{count} steps, more than {MaxSteps}");
        }

        CheckAlways(Present(workflow.Always));
        CheckWindow(workflow.Window);
        CheckSafety(workflow);
        foreach (var nodes in nodeWorkflows)
        {
            CheckUnit(nodes);
            CheckRollout(nodes);
            CheckHeld(Present(nodes.NodeTasks));
            CheckRestore(Present(nodes.Restore));
            CheckPatience(Present(nodes.NodeTasks).Concat(Present(nodes.Restore)));
        }
    }

    // After an error a list or a step may be missing although its type says that it can not.
    private static Step<T>[] Present<T>(IReadOnlyList<Step<T>>? steps) => [.. (steps ?? []).Where(s => s?.Task is not null)];

    private void CheckAlways(Step<ClusterContext>[] steps)
    {
        foreach (var step in steps.Where(s => s.Approval is not null))
        {
            errors.Add(binder.OriginOf(step).MarkOf("approval"), "`approval` in `always`: the end of a job waits for nobody");
        }

        RefusePeople(steps, "in `always`: the end of a job waits for nobody");
        foreach (var step in steps.Where(s => s.Task is NodeWorkflow))
        {
            errors.Add(binder.OriginOf(step).MarkOf("task"), "`!node-workflow` in `always`: the end of a job has cluster steps only");
        }
    }

    private void CheckUnit(NodeWorkflow nodes)
    {
        if (nodes.ConcurrencyUnit == ConcurrencyUnit.Cluster && Present(nodes.NodeTasks).FirstOrDefault(TakesDown) is { } step)
        {
            errors.Add(binder.OriginOf(nodes).MarkOf("concurrency_unit"),
                $"`concurrency_unit: cluster` lets nodes of several zones work at once, and !{step.Tag.Name} takes a node down; use zone");
        }
    }

    /// <summary>From its first step down to the last wait after it a node is held (R2): nobody may stop in between (R3).</summary>
    private void CheckHeld(Step<NodeContext>[] steps)
    {
        if (HeldSteps.Of(steps) is not var (first, last))
        {
            return;
        }

        for (var i = first; i <= last; i++)
        {
            if (i > first && steps[i].Approval is not null)
            {
                errors.Add(binder.OriginOf(steps[i]).MarkOf("approval"),
                    $"`approval` while !{steps[first].Tag.Name} has the node down: nobody may be waited for before its health wait (R3)");
            }

            RefusePeople(steps[i..(i + 1)], $"while !{steps[first].Tag.Name} has the node down: nobody may be waited for before its health wait (R3)");
            if (steps[i].OnFailure != OnFailure.Halt)
            {
                errors.Add(binder.OriginOf(steps[i]).MarkOf("on_failure"),
                    $"`on_failure: {Input.Spell(steps[i].OnFailure)}` between !{steps[first].Tag.Name} and its health wait: "
                    + "only halt is safe there (R3)");
            }
        }
    }

    private void RefusePeople<T>(Step<T>[] steps, string why)
    {
        foreach (var step in steps.Where(s => s.Task is IAsksPeople))
        {
            errors.Add(binder.OriginOf(step).MarkOf("task"), $"!{step.Tag.Name} {why}");
        }
    }

    private void CheckRestore(Step<NodeContext>[] steps)
    {
        RefusePeople(steps, "in `restore`: bringing a node up waits for nobody (R4)");
        foreach (var step in steps.Where(s => s.Approval is not null))
        {
            errors.Add(binder.OriginOf(step).MarkOf("approval"), "`approval` in `restore`: bringing a node up waits for nobody (R4)");
        }
    }

    private void CheckPatience(IEnumerable<Step<NodeContext>> steps)
    {
        var checks = steps.Select(s => s.Task).OfType<WaitForConditions>().SelectMany(w => w.Conditions ?? []);
        foreach (var check in checks.Where(c => c is not null && c.SuccessWindow >= c.Timeout))
        {
            errors.Add(binder.OriginOf(check).MarkOf("success_window_seconds"),
                $"a window of {Input.Spell(check.SuccessWindow)} s can never pass within a timeout of {Input.Spell(check.Timeout)} s");
        }
    }

    private static bool TakesDown(Step<NodeContext> step) => step.Tag.Direction == Direction.TakesDown;
}
