using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>Which messages follow from an event; written in the event's own transaction (R14).</summary>
public static class OutboxItems
{
    public const string Card = "card";
    public const string Approval = "approval";
    public const string Halt = "halt";
    public const string End = "end";
    public const string Back = "back";
    public const string Say = "say";
    public const string Hold = "hold";
    public const string Question = "question";
    public const string Lapse = "lapse";
    public const string Glass = "glass";
    public const string Drift = "drift";
    public const string Debt = "debt";
    public const string Call = "call";
    public const string Down = "down";
    public const string Stuck = "stuck";

    /// <summary>Goes to the pager's webhook, not to a channel.</summary>
    public const string Pager = "pager";
    public const string Hand = "hand";

    /// <param name="after">The job with the event folded in.</param>
    /// <param name="e">What happened.</param>
    /// <param name="plan">For names of steps and the verdict; may be missing.</param>
    /// <param name="sandbox">Nothing real is touched; the footers say so.</param>
    /// <param name="pager">There is one.</param>
    /// <param name="chatLost">Nobody is reached by chat: a halt goes to the pager at once (R9).</param>
    public static ImmutableArray<OutboxItem> For(Job after, JobEvent e, Plan? plan, bool sandbox, bool pager, bool chatLost) => pager
        ? [.. For(after, e, plan, sandbox), .. Paged(after, e, chatLost)] : For(after, e, plan, sandbox);

    /// <summary>Without a pager.</summary>
    public static ImmutableArray<OutboxItem> For(Job after, JobEvent e, Plan? plan = null, bool sandbox = false) => e switch
    {
        Created x => [Item(Card, after, JobCard.Render(JobCard.Unbegun(after, plan), x.At, sandbox))],
        ApprovalAsked x => [Item(Approval, after, ApprovalCard.Render(after, x, plan, [], sandbox))],
        Halted x => [Item(Halt, after, HaltNotice.Render(after, x, plan, [], sandbox))],
        Ended x => [Item(End, after, EndNotice.Render(after, x, plan, sandbox))],
        HostResumed x => [Item(Back, after, HostBackNotice.Render(after, x, plan, sandbox))],
        Announced x => Said(after, x, sandbox),
        JobHeld x when after.Hold is { Times: 1 } => [Item(Hold, after, HoldNotice.Render(after, x.At, x.Why, rings: false, after.View?.Text, plan, sandbox))],
        HoldPinged when after.Hold is { } hold => [Item(Hold, after, HoldNotice.Render(after, hold.Since, hold.Why, rings: true, after.View?.Text, plan, sandbox))],
        TakenOver or HandReminded or Unlocked or OwnerChanged => [Item(Hand, after, HandNotice.Render(after, e, plan, sandbox))],
        HaltCalled x when after.Halt is not null => [Item(Call, after, CallNotice.Again(after, x, plan, sandbox))],
        NodeDownLong x => [Item(Down, after, CallNotice.Down(after, x, plan, sandbox))],
        QuestionAsked x => [Item(Question, after, QuestionCard.Render(after, x, plan, [], sandbox))],
        ApprovalExpired x when x.Key != Approvals.Start && after.IsOpen => [Item(Lapse, after, LapseNotice.Render(after, x, plan, sandbox))],
        GlassBroken x => [Item(Glass, after, GlassNotice.Render(after, x, plan, sandbox))],
        PlanDrifted x => [Item(Drift, after, DriftNotice.Render(after, x, sandbox))],
        _ => [],
    };

    private static ImmutableArray<OutboxItem> Paged(Job job, JobEvent e, bool chatLost) => e switch
    {
        Halted x when chatLost => [new(Pager, Pager, PagerMessage.Of(job, "halt", x.Why, x.At))],
        HoldPinged x when job.Hold is { } hold => [new(Pager, Pager, PagerMessage.Of(job, "hold", $"held for {Lengths.Of(x.At - hold.Since)}: {hold.Why}", x.At))],
        HaltCalled x when job.Halt is { } halt => [new(Pager, Pager, PagerMessage.Of(job, "halt", $"not acknowledged for {Lengths.Of(x.At - halt.At)}: {halt.Why}", x.At))],
        NodeDownLong x => [new(Pager, Pager, PagerMessage.Of(job, "node_down", $"{x.Node} is down by us for {Lengths.Of(x.At - x.Since)}; hints are kept for {Lengths.Of(x.Window)}", x.At))],
        _ => [],
    };

    private static OutboxItem Item(string kind, Job job, Notice notice) => new(kind, job.Birth.Channel, NoticeJson.Write(notice));

    private static ImmutableArray<OutboxItem> Said(Job job, Announced e, bool sandbox)
    {
        var payload = NoticeJson.Write(SayNotice.Render(job, e, sandbox));
        return [.. e.Channels.Distinct(StringComparer.Ordinal).Select(c => new OutboxItem(Say, c, payload))];
    }
}
