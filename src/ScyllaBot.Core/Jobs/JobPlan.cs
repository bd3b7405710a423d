using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>A running job's plan, made again from its own copy of the workflow. It carries no verdict: that was of another moment.</summary>
internal static class JobPlan
{
    public static Plan Of(Created birth, BoundJob bound) => new()
    {
        Request = new RunRequest(
            birth.RequestId, birth.WorkflowName, birth.Cluster, new Target.Named([.. birth.Targets.Select(t => t.Name)]), birth.Variables, birth.Reason)
        {
            Limit = birth.Scope?.Limit, KnownDown = [.. (birth.Scope?.KnownDown ?? []).Select(k => k.Name)],
        },
        Title = birth.Title,
        Hash = birth.PlanHash,
        Cluster = bound.Cluster,
        WorkflowText = birth.WorkflowText,
        Variables = birth.Variables,
        Targets = birth.Targets,
        Waves =
        [
            .. bound.Workflow.Rollouts()
                .Where(w => NodeSelection.IsTargets(w.Nodes)).SelectMany(w => RollingPlan.Of(birth.Targets, (birth.Scope ?? new JobScope()).Tighten(w)).Waves),
        ],
        Steps = RepairRounds.Around(PlanSteps.WithRescue(bound.Workflow), bound.Workflow, bound.Cluster),
        Verdict = [],
        Concerns = [],
        Approvals = [],
        Scope = birth.Scope ?? new JobScope(),
        Meant = birth.Meant,
        Gates = PlanGates.Of(bound.Workflow),
    };
}
