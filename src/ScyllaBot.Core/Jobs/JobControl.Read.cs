using System.Globalization;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    public Task<ImmutableArray<JobSummary>> ListAsync(JobFilter filter, CancellationToken ct) => ports.Store.ListJobsAsync(filter, ct);

    public async Task<LiveJob?> ShowAsync(JobId job, CancellationToken ct)
    {
        if (engine.Find(job) is { } run)
        {
            return await run.Mailbox.PostAsync(() => Task.FromResult(LiveView.Of(run)));
        }

        var entries = await ports.Store.ReadAsync(StreamId.Of(job), 0, ct);
        return entries.IsEmpty ? null : LiveView.Of(Job.From(job, entries.Select(e => (JobEvent)e.Event)));
    }

    public async Task<ImmutableArray<string>?> WhyAsync(JobId job, CancellationToken ct)
    {
        if (await ShowAsync(job, ct) is not { } live)
        {
            return null;
        }

        var now = ports.Time.GetUtcNow();
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(live.Job.State switch
        {
            JobState.Waiting => $"It waits for {live.Job.Approvals.Values.Count(a => a.IsOpen)} approval.",
            JobState.Halted => $"It is halted: {live.Job.Halt!.Why} {live.Job.Halt.SafeNow}",
            JobState.Paused => "It is paused at a safe point; /scp resume goes on.",
            JobState.Ended => $"It has ended: {live.Job.End!.Why}.",
            var state => $"It is {Word(state)}.",
        });
        lines.AddRange(live.Waits.Select(w => Describe(w, now)));
        lines.AddRange(live.Job.Held.Values.Select(h => FormattableString.Invariant($"{h.Node} is down by us for {(now - h.Since).TotalSeconds:0} s.")));
        if (live.NextNodes.Length > 0 && live.Job.State == JobState.Running)
        {
            lines.Add($"Next is {live.NextNodes[0]}{(live.WhyNotNext is { } why ? $"; not yet, because {why}" : "")}.");
        }

        return lines.ToImmutable();
    }

    private static string Describe(LiveWait wait, DateTimeOffset now)
    {
        var state = wait.Why ?? string.Create(CultureInfo.InvariantCulture, $"holds for {wait.HeldFor.TotalSeconds:0} s of {wait.Window.TotalSeconds:0} s");
        var reset = wait.LastReset is { } at ? string.Create(CultureInfo.InvariantCulture, $" Last reset {(now - at).TotalSeconds:0} s ago: {wait.LastResetWhy}.") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{wait.Key}: {wait.Condition}: {state}. Waiting for {(now - wait.Since).TotalSeconds:0} s; gives up in {Math.Max(0, (wait.GivesUp - now).TotalSeconds):0} s and halts then.{reset}");
    }
}

/// <summary>What a job is doing, for people.</summary>
internal static class LiveView
{
    public static LiveJob Of(JobRun run)
    {
        var workflow = run.Bound.Workflow.ClusterTasks.Select(s => s.Task).OfType<NodeWorkflow>().FirstOrDefault();
        var order = workflow is null ? run.Job.Birth.Targets : JobPaths.Plan(run.Job, workflow, run.Ports.Judgement).Nodes;
        var index = workflow is null ? -1 : run.Bound.Workflow.ClusterTasks.Select((s, i) => (s, i)).First(x => x.s.Task is NodeWorkflow).i;
        var nodes = order.Select(t => Progress(run.Job, t, index >= 0 && JobPaths.IsDone(run, index, t.Name), TitleOf(run, t.Name))).ToImmutableArray();
        var next = nodes.Where(n => n.State == NodeProgressState.Waiting).Select(n => n.Node).ToImmutableArray();
        return new LiveJob(run.Job, null, [.. run.Waits.Values], nodes, next, run.WhyNotNext);
    }

    /// <summary>From the journal alone: an ended job.</summary>
    public static LiveJob Of(Job job)
    {
        var order = RollingPlan.Of(job.Birth.Targets, ConcurrencyUnit.Zone, 1, []).Nodes;
        var nodes = order.Select(t => Progress(job, t, job.End?.Outcome == JobOutcome.Succeeded || Passed(job, t.Name), null)).ToImmutableArray();
        return new LiveJob(job, null, [], nodes, [], null);
    }

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
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var c) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var n)
            && run.Bound.Workflow.ClusterTasks[c - 1].Task is NodeWorkflow workflow ? workflow.NodeTasks[n - 1].Title : "Restore";
    }
}
