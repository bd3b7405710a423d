using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Which one-off task may run under a job's lease instead of one of its own (R18). Runs in the job's mailbox.</summary>
internal static class UnderRules
{
    /// <summary>R4: it waits for no lease, no approval and no lifting of anything.</summary>
    public static bool OnlyBringsUp(Plan plan) => IsOne(plan) && plan.Steps[0].Direction == Direction.BringsUp;

    /// <param name="stepAt">The holder's step of a place; null when it is not known.</param>
    public static JobControl.Verdict Decide(Actor by, Job job, Plan plan, Func<string, (string Title, Risk Risk)?> stepAt, DateTimeOffset now)
    {
        var step = plan.Steps[0];
        return job switch
        {
            _ when !IsOne(plan) => JobControl.No("Only a task on one node or on the cluster runs under a job."),
            _ when job.Cluster != plan.Cluster.Name => JobControl.No($"Job {job.Id} works on {job.Cluster}, not on {plan.Cluster.Name}."),
            { IsOpen: false } => JobControl.No($"Job {job.Id} has ended."),
            _ when job.Unders.Values.FirstOrDefault(u => u.Asked.RequestId == plan.Request.RequestId) is not null =>
                JobControl.No($"This command already runs it under job {job.Id}."),
            { LeaseEpoch: 0 } => JobControl.No($"Job {job.Id} does not hold the lease of {job.Cluster} now."),
            _ when plan.Scope.KnownDown.Any(k => !job.KnownDown().Contains(k.Name)) =>
                JobControl.No($"Under job {job.Id} whoever that job counts as down counts as down, and nobody else (R23)."),
            _ when Busy(job, plan, stepAt) is { } busy => JobControl.No(busy),
            _ when OnlyBringsUp(plan) => Ask(by, job, plan, now),
            { State: not (JobState.Halted or JobState.Paused) } =>
                JobControl.No($"Job {job.Id} is {JobControl.Word(job.State)}: a task runs under it only while it is halted, paused or taken over, or if it brings a node up."),
            _ when step.Direction == Direction.TakesDown || step.Risk == Risk.Destructive =>
                JobControl.No($"{step.Title} may take a node down or destroy something and needs an approval of its own: it can not run under job {job.Id}."),
            _ => Ask(by, job, plan, now),
        };
    }

    private static JobControl.Verdict Ask(Actor by, Job job, Plan plan, DateTimeOffset now)
    {
        var number = job.Unders.IsEmpty ? 1 : job.Unders.Keys.Max() + 1;
        var node = plan.Steps[0].PerNode ? plan.Targets[0].Name : null;
        return JobControl.Yes(
            $"{plan.Title}{(node is null ? "" : $" on {node}")} runs under job {job.Id} and stands in its record.",
            new UnderAsked(now, number, plan.Request.RequestId, by.Person, plan.Request.Workflow, plan.WorkflowText, node, plan.Request.Reason));
    }

    /// <summary>A step of the holder that changes the node is no place to start it in the middle of: its files or packages are half there.</summary>
    internal static string? Busy(Job job, Plan plan, Func<string, (string Title, Risk Risk)?> stepAt)
    {
        var node = plan.Steps[0].PerNode ? plan.Targets[0].Name : null;
        return node is null ? null : job.Steps.Values.Where(s => s.Key.Node == node && (s.Status == StepStatus.Started || IsAboutToRetry(job, s)))
            .Select(s => (s.Key, s.Status, At: stepAt(s.Key.Path))).Where(s => s.At is not { Risk: Risk.None })
            .Select(s => $"Job {job.Id} is at work on {node}: {s.At?.Title ?? s.Key.Path}{(s.Status == StepStatus.Failed ? ", which is about to be tried again" : "")}. Wait until that step has ended, or let the job bring {node} up (/scp abort now:true; once it has halted, with the button on its card or scyllactl job restore).")
            .FirstOrDefault();
    }

    /// <summary>What it changed is as half done as while it ran.</summary>
    private static bool IsAboutToRetry(Job job, StepState step) => step is { Status: StepStatus.Failed, RetryAt: not null }
        && !JobPaths.IsRestore(step.Key.Path) && !job.SkippedNodes.ContainsKey(step.Key.Node!)
        && (job.State == JobState.Running || (job.State is JobState.Holding or JobState.Pausing or JobState.Halted or JobState.Aborting && job.Held.ContainsKey(step.Key.Node!)));

    private static bool IsOne(Plan plan) => plan.Steps is [var only] && (!only.PerNode || plan.Targets.Length == 1);
}
