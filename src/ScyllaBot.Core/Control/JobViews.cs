using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>The engine's jobs as the endpoint shows them.</summary>
public static class JobViews
{
    /// <param name="live">The job at this moment.</param>
    /// <param name="now">Engine time.</param>
    public static JobView Of(LiveJob live, DateTimeOffset now)
    {
        var job = live.Job;
        return new JobView
        {
            Id = job.Id.Value,
            Cluster = job.Cluster,
            Workflow = job.Birth.WorkflowName,
            Title = job.Birth.Title,
            State = job.State,
            Outcome = job.End?.Outcome,
            EndWhy = job.End?.Why,
            Operator = job.Birth.Operator,
            Owner = job.Owner,
            Reason = job.Birth.Reason,
            Created = job.Birth.At,
            Updated = job.Updated,
            Sequence = job.Sequence,
            PlanHash = job.PlanHash,
            Variables = job.Birth.Variables,
            Nodes = [.. live.Nodes.Select(n => new JobNode(n.Node, n.Zone.ToString(), n.State, n.Step, n.HeldSince) { UpSince = live.UpAgain.TryGetValue(n.Node, out var up) ? up : null })],
            Steps = [.. job.Steps.Values.OrderBy(s => s.Key.Path, NaturalOrder.Instance).ThenBy(s => s.Key.Node ?? "", NaturalOrder.Instance).Select(s => Step(s, live.Plan))],
            Waits = [.. live.Waits.Select(Wait)],
            NextNodes = live.NextNodes,
            WhyNotNext = live.WhyNotNext,
            Approvals = [.. job.Approvals.Values.Select(Approval)],
            Questions = [.. job.Questions.Values.Select(q => new JobQuestion(
                q.Asked.Key.ToString(), q.Asked.Text, q.Asked.Choices, q.Asked.Pattern, q.Asked.At, q.Answer, q.By))],
            Halt = job.Halt is { } halt ? new JobHalt(halt.Key?.ToString(), halt.Recoverable, halt.Why, halt.SafeNow, halt.At, job.HaltIsAcknowledged) : null,
            Hold = job.Hold is { } hold ? new JobHold(hold.Node, hold.Why, hold.Since, live.GoesOn) : null,
            Pause = job.Pause is { } pause ? new JobPause(pause.Cause, pause.By, pause.Why, pause.Since, pause.IsHandsOff) : null,
            InFlight = live.InFlight,
            Debts = [.. job.Debts.Values.Select(d => DebtLine.Of(d, now))],
            View = live.View,
            FleetHalt = live.Fleet?.Sentence,
        };
    }

    private static JobStep Step(StepState step, Plan? plan) => new(
        step.Key.Path, step.Key.Node, PlanSteps.TitleOf(plan, step.Key) ?? "", step.Status, step.Attempt, step.Begun ?? step.FirstStarted, step.Updated, step.RetryAt, step.Why);

    private static JobWait Wait(LiveWait wait) => new(
        wait.Key.Path, wait.Key.Node, wait.Condition, wait.Why, wait.HeldFor.TotalSeconds, wait.Window.TotalSeconds, wait.Since,
        wait.GivesUp == DateTimeOffset.MaxValue ? null : wait.GivesUp, wait.LastReset, wait.LastResetWhy, [.. wait.Readings.Select(WhyText.Short)]);

    private static JobApproval Approval(ApprovalState approval) => new(
        approval.Asked.Key, approval.Asked.Message,
        approval switch
        {
            { RefusedBy: not null } => ApprovalStanding.Refused,
            { Expired: true } => ApprovalStanding.Expired,
            { IsGranted: true } => ApprovalStanding.Granted,
            _ => ApprovalStanding.Open,
        },
        approval.Asked.Count, approval.Glass is { } alone ? [.. approval.Given, alone] : approval.Given, approval.Asked.Approvers, approval.Asked.Expires,
        approval.Asked.Confirm, approval.RefusedBy, approval.RefusedWhy, approval.Asked.MayBreakGlass == true);
}
