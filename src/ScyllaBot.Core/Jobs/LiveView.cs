using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a job is doing, for people.</summary>
internal static class LiveView
{
    public static LiveJob Of(JobRun run)
    {
        var (index, workflow) = JobPaths.CurrentRollout(run);
        var order = HandbackRules.HasNoNodes(run.Job) ? [] : workflow is null ? run.Job.Birth.Targets : JobPaths.Plan(run.Job, index, workflow, run.Ports.Judgement).Nodes;
        var nodes = order.Select(t => Progress(run.Job, t, index >= 0 && JobPaths.IsDone(run, index, t.Name), TitleOf(run, t.Name))).ToImmutableArray();
        var next = nodes.Where(n => n.State == NodeProgressState.Waiting).Select(n => n.Node).ToImmutableArray();
        return new LiveJob(run.Job, run.Plan, [.. run.Waits.Values.Select(w => w with { Then = Then(run, w.Key) })], nodes, CoordinatorLast.InTurn(next, run.GoesLast), run.WhyNotNext)
        {
            WhyNot = run.WhyNot,
            InFlight = Jobs.InFlight.Of(run),
            Rejoin = run.Bound.Watch.Latest is { } now && run.Job.State == JobState.Halted && run.WhyNoRetry(now) is not null ? run.Job.Halt?.Key?.Node : null,
            Fleet = run.Ports.Fleet.Halt,
            View = run.Bound.Watch.Latest is { } latest ? ViewMatrix.Of(latest, [.. run.Job.Held.Keys]) : null,
            UpAgain = UpAgain(run.Job, run.Bound.Watch.Latest),
            GoesOn = run.Guards.ClearSince + run.GuardSettings.Gate,
        };
    }

    /// <summary>From the journal alone: an ended job.</summary>
    public static LiveJob Of(Job job)
    {
        var order = HandbackRules.HasNoNodes(job) ? [] : RollingPlan.Of(job.Birth.Targets, ConcurrencyUnit.Zone, 1, []).Nodes;
        var nodes = order.Select(t => Progress(job, t, job.End?.Outcome == JobOutcome.Succeeded || Passed(job, t.Name), null)).ToImmutableArray();
        return new LiveJob(job, null, [], nodes, [], null);
    }

    /// <summary>Who came up in whatever way, such as by the timer on the node (R10); a process of before it was held is not up again but still.</summary>
    private static ImmutableSortedDictionary<string, DateTimeOffset> UpAgain(Job job, ClusterSnapshot? view)
    {
        var up = ImmutableSortedDictionary<string, DateTimeOffset>.Empty.WithComparers(StringComparer.Ordinal);
        if (view is null || job.Held.IsEmpty)
        {
            return up;
        }

        var down = view.DownInAnyView();
        return up.SetItems(view.Views.Where(v => v is { Serves: true, Uptime: not null } && !down.Contains(v.Node.Name))
            .Select(v => KeyValuePair.Create(v.Node.Name, v.ReadAt - v.Uptime!.Value))
            .Where(v => job.Held.TryGetValue(v.Key, out var held) && v.Value > held.Since));
    }

    /// <summary>Whoever is down by us is never skipped or left (R3): only a step of a node that is not held may fail quietly.</summary>
    private static OnFailure Then(JobRun run, StepKey key) => key.Node is { } node && run.Job.Held.ContainsKey(node)
        ? OnFailure.Halt : JobPaths.StepAt(run.Bound.Workflow, key.Path)?.OnFailure ?? OnFailure.Halt;

    private static bool Passed(Job job, string node) =>
        job.Steps.Values.Where(s => s.Key.Node == node).ToArray() is { Length: > 0 } steps && steps.All(s => s.Status is StepStatus.Succeeded or StepStatus.Skipped);

    private static NodeProgress Progress(Job job, TargetNode target, bool done, string? step)
    {
        var held = job.Held.GetValueOrDefault(target.Name);
        var state = job.SkippedNodes.ContainsKey(target.Name) ? NodeProgressState.Skipped
            : JobPaths.HasFailed(job, target.Name) ? NodeProgressState.Failed
            : done ? NodeProgressState.Done
            : held is not null ? NodeProgressState.Held
            : job.Steps.Keys.Any(k => k.Node == target.Name) ? NodeProgressState.Working
            : NodeProgressState.Waiting;
        return new NodeProgress(target.Name, target.Zone, state, state is NodeProgressState.Done or NodeProgressState.Waiting ? null : step, held?.Since);
    }

    private static string? TitleOf(JobRun run, string node)
    {
        var current = run.Job.Steps.Values.Where(s => s.Key.Node == node && s.Status is not (StepStatus.Succeeded or StepStatus.Skipped))
            .OrderByDescending(s => s.Updated).FirstOrDefault();
        if (current is null)
        {
            return null;
        }

        var parts = current.Key.Path.Split('.');
        return JobPaths.StepAt(run.Bound.Workflow, current.Key.Path) is { } at && parts is [_, _] ? at.Title : "Restore";
    }
}
