using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Control;

/// <summary>The engine's plans as the endpoint shows them.</summary>
public static class PlanViews
{
    /// <param name="plan">What would happen.</param>
    /// <param name="id">What it can be started by.</param>
    public static PlanView Of(Plan plan, string id) => new()
    {
        Id = id,
        Hash = plan.Hash,
        Title = plan.Title,
        Workflow = plan.Request.Workflow,
        Cluster = plan.Cluster.Name,
        Environment = plan.Cluster.Environment,
        Mode = plan.Cluster.Mode,
        Reason = plan.Request.Reason,
        Variables = plan.Variables,
        Targets = [.. plan.Targets.Select(t => new PlanTarget(t.Name, t.Address, t.HostId.ToString(), t.Zone.ToString(), t.Version))],
        Waves = [.. plan.Waves.Select(w => new PlanWaveView(w.Name, w.Nodes, w.Limit))],
        Steps = [.. plan.Steps.Select(s => new PlanStepView(s.Path, s.Title, s.Detail, s.Direction, s.Risk, s.PerNode, s.Undo, s.IsPointOfNoReturn))],
        Verdict = plan.Verdict,
        Concerns = plan.Concerns,
        Waits = plan.Waits,
        Debts = plan.Debts,
        Approvals = plan.Approvals,
        Scope = [.. Scope(plan)],
        StartApprovals = plan.Start.Count,
        WhyNoStart = plan.WhyNoStart,
        Confirm = plan.Start.Confirm,
        IsDestructive = plan.Steps.Any(s => s.IsPointOfNoReturn || s.Risk == Risk.Destructive),
        Expected = plan.Expected,
    };

    private static IEnumerable<string> Scope(Plan plan)
    {
        if (plan.Scope.Limit is { } limit)
        {
            yield return $"At most {limit} at once.";
        }

        if (plan.Scope.StopAfter is { } after)
        {
            yield return plan.Scope.Left.IsEmpty ? $"Stops after {after}: that is all of them." : $"Stops after {after}; left for another job: {string.Join(", ", plan.Scope.Left)}.";
        }

        if (plan.Request.From is { } from)
        {
            yield return $"Only what {(from.Share == JobShare.Failed ? "failed in" : "is left over of")} job {from.Job}.";
        }

        if (!plan.Scope.KnownDown.IsEmpty)
        {
            yield return $"Known down: {string.Join(", ", plan.Scope.KnownDown.Select(k => k.Name))}.";
        }
    }
}
