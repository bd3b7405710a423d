using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

public sealed partial class Planner
{
    private static IEnumerable<string> BoundsWrong(RunRequest request)
    {
        if (request.Limit is < 1)
        {
            yield return "limit is at least 1: how many nodes may be at work at once.";
        }

        if (request.StopAfter is < 1)
        {
            yield return "stop_after is at least 1: after how many nodes the job ends.";
        }
    }

    /// <summary>Who is named is meant, also when he is in no ring; a pattern names nobody.</summary>
    private static Target AsNamed(Target target) => target is Target.Named named && named.Nodes.All(Glob.IsPattern) ? new Target.All() : target;

    private static IEnumerable<PlanWave> WavesOf(NodeWorkflow workflow, ImmutableArray<TargetNode> nodes, JobScope scope) =>
        RollingPlan.Of(nodes, scope.Tighten(workflow)).Waves.Select(w => w with { Rollout = workflow.Title });

    /// <summary>The first nodes in the order they are taken; the rest is for another job.</summary>
    private static (ImmutableArray<TargetNode> Targets, JobScope Scope) Cut(ImmutableArray<TargetNode> targets, Workflow workflow, JobScope scope)
    {
        if (scope.StopAfter is not { } after || after >= targets.Length || workflow.Rollouts().FirstOrDefault() is not { } first)
        {
            return (targets, scope);
        }

        var ordered = RollingPlan.Of(targets, scope.Tighten(first)).Nodes;
        return (ordered[..after], scope with { Left = [.. ordered[after..].Select(n => n.Name)] });
    }

    private IEnumerable<string> Concerns(
        ClusterSnapshot snapshot, ImmutableSortedSet<string> known, ImmutableArray<PlanStep> steps, Workflow workflow, ApprovalNeed start)
    {
        if (steps.Any(s => s.Direction == Direction.TakesDown) && ClusterNormal.WhyNot(snapshot, known) is { } concern)
        {
            yield return concern;
        }

        foreach (var who in start.Approvers.Concat(PlanGates.Of(workflow).SelectMany(g => g.Approvers)).Distinct(StringComparer.Ordinal))
        {
            if (!policy.Groups.ContainsKey(who) && !who.All(char.IsAsciiDigit) && !who.StartsWith("os:", StringComparison.Ordinal))
            {
                yield return $"approvers: {who} is no group of the settings (Approvals:Groups) and no id, so perhaps nobody can approve";
            }
        }
    }

    private async Task<Plan> ForShowAsync(Plan plan, LoadedWorkflow binding, ClusterSnapshot snapshot, ClusterWatch watch, CancellationToken ct) => plan with
    {
        Waits = await new PlanWaits(plan, binding, snapshot, watch, ports).ReadAsync(ct),
        Expected = await new PlanDuration(ports.Store).OfAsync(plan, binding.Workflow, snapshot, ct),
    };
}
