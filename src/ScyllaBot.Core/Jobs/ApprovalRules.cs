namespace ScyllaBot.Core.Jobs;

/// <summary>Who may decide an approval, and what a decision leads to (R16, R17). Two presses can not both win: this runs in the job's mailbox.</summary>
/// <param name="policy">Groups of ids, who may break glass.</param>
/// <param name="plan">The job's: its gates, and whether it holds a point of no return.</param>
internal sealed class ApprovalRules(ApprovalPolicy policy, Plan plan)
{
    private const int Longest = 300;

    /// <summary>The first question of a job.</summary>
    public static ApprovalAsked Start(Plan plan, ApprovalPolicy policy, DateTimeOffset now) => new(
        now, Approvals.Start, $"{plan.Title} on {plan.Cluster.Name}, {plan.Targets.Length} nodes", plan.Start.Approvers, plan.Start.Count, now + policy.Patience, plan.Hash)
    {
        Confirm = plan.Start.Confirm, MayBreakGlass = MayBreakGlass(plan, policy) ? true : null,
    };

    public static bool MayBreakGlass(Plan plan, ApprovalPolicy policy) => !policy.BreakGlass.IsEmpty && !plan.Steps.Any(s => s.IsPointOfNoReturn);

    /// <summary>Whoever lets it go on has what nobody decided asked again (R16).</summary>
    public static JobControl.Verdict GoOn(Job job, Actor by, DateTimeOffset now)
    {
        var late = job.Approvals.Where(a => a.Value.IsOpen && a.Value.Asked.Expires <= now && a.Key != Approvals.Start).Select(a => a.Key).ToArray();
        var again = late.Length + job.Lapsed.Count();
        return JobControl.Yes(
            again == 0 ? "It goes on." : $"It goes on and asks again: {again} approval{(again == 1 ? "" : "s")}.",
            [.. late.Select(key => new ApprovalExpired(now, key)), new Resumed(now, by.Person)]);
    }

    public JobControl.Verdict Decide(Actor by, Job job, string key, bool approve, string why, DateTimeOffset now)
    {
        var wayOut = job.Unders.Values.FirstOrDefault(u => u.IsOpen && u.Asked.Gate == key);
        if (wayOut is null && Closed(job) is { } closed)
        {
            return closed;
        }

        if (job.Approvals.GetValueOrDefault(key) is not { } approval)
        {
            return plan.Gates.FirstOrDefault(g => g.Path == key) is { } gate
                ? Ahead(by, job, gate, approve, now)
                : JobControl.No("There is no such question in this job any more.");
        }

        if (WhyDecided(approval, now) is { } decided)
        {
            return decided;
        }

        var isRequester = job.IsOwnedBy(by.Person) || wayOut?.Asked.By.Id == by.Person.Id;
        if (!approve && isRequester)
        {
            return JobControl.Yes("Withdrawn.", new ApprovalRefused(now, key, by.Person, Reason(why, "withdrawn by its requester")));
        }

        if (WhyNotAllowed(by, approval.Asked.Approvers, isRequester) is { } no)
        {
            return no;
        }

        if (approve && approval.Given.Any(p => p.Id == by.Person.Id))
        {
            return JobControl.NotYou("You have already approved it; it needs another person.");
        }

        if (approve && approval.Asked.Confirm is { } word && !string.Equals(why.Trim(), word, StringComparison.Ordinal))
        {
            return JobControl.No($"Type {word} to approve this: what you typed is not it, and it can not be undone (R17).");
        }

        return approve
            ? JobControl.Yes("Approved.", new ApprovalGiven(now, key, by.Person))
            : JobControl.Yes("Refused.", new ApprovalRefused(now, key, by.Person, Reason(why, "no reason given")));
    }

    /// <summary>One authorised person alone, also the requester: it is for the night nobody else answers. Never where something can not be undone.</summary>
    public JobControl.Verdict BreakGlass(Actor by, Job job, string key, string reason, DateTimeOffset now)
    {
        if (Closed(job) is { } closed)
        {
            return closed;
        }

        if (job.Approvals.GetValueOrDefault(key) is not { } approval)
        {
            return JobControl.No("There is no such question in this job any more.");
        }

        if (WhyDecided(approval, now) is { } decided)
        {
            return decided;
        }

        if (policy.BreakGlass.IsEmpty || !policy.IsAmong(by, policy.BreakGlass))
        {
            return JobControl.NotYou("You may not approve alone: only those whom the settings name (Approvals:BreakGlass) may.");
        }

        if (job.Unders.Values.Any(u => u.IsOpen && string.Equals(u.Asked.Gate, key, StringComparison.Ordinal)))
        {
            return JobControl.No("The way out of a movement can not be undone: nobody approves that alone (R16).");
        }

        if (plan.Steps.FirstOrDefault(s => s.IsPointOfNoReturn) is { } end)
        {
            return JobControl.No($"{end.Title} can not be undone: nobody approves that alone (R16).");
        }

        return string.IsNullOrWhiteSpace(reason)
            ? JobControl.No("Say why: the reason stands in the record, and the owners read it.")
            : JobControl.Yes("Approved by you alone; the owners are called.", new GlassBroken(now, key, by.Person, Reason(reason, ""), policy.Owners));
    }

    private static JobControl.Verdict? Closed(Job job) => job is { IsOpen: true, Abort: null } ? null
        : JobControl.No(job.IsOpen ? "The job is aborting: there is nothing to decide any more." : "The job has ended.");

    private static JobControl.Verdict? WhyDecided(ApprovalState approval, DateTimeOffset now) => approval switch
    {
        { RefusedBy: { } refuser } => JobControl.No($"Already refused by {refuser.Name}."),
        { Expired: true } => JobControl.No("It expired."),
        { IsOpen: false } => JobControl.No($"Already approved by {string.Join(", ", approval.Given.Append(approval.Glass).OfType<Person>().Select(p => p.Name))}."),
        _ when approval.Asked.Expires <= now => JobControl.No("It expired."),
        _ => null,
    };

    private JobControl.Verdict? WhyNotAllowed(Actor by, ImmutableArray<string> approvers, bool isRequester)
    {
        if (!by.May(Rights.Approve) || !(approvers.IsEmpty || policy.IsAmong(by, approvers)))
        {
            return JobControl.NotYou(approvers.IsEmpty
                ? "You may not decide this: it needs the approver right." : $"You may not decide this: it is for {string.Join(", ", approvers)}.");
        }

        return isRequester ? JobControl.NotYou("You asked for this job: somebody else must approve it.") : null;
    }

    /// <summary>Bound to the plan's hash: a drift voids it. What is open at that gate on any node is approved with it.</summary>
    private JobControl.Verdict Ahead(Actor by, Job job, PlanGate gate, bool approve, DateTimeOffset now)
    {
        if (!approve)
        {
            return JobControl.No("It is not asked yet: refuse it when it is, or abort the job.");
        }

        if (WhyNotAllowed(by, gate.Approvers, job.IsOwnedBy(by.Person)) is { } no)
        {
            return no;
        }

        if (job.Ahead.GetValueOrDefault(gate.Path, []).Any(p => p.Id == by.Person.Id))
        {
            return JobControl.No("You have already approved it ahead.");
        }

        var open = job.Approvals.Where(a => a.Value.IsOpen && a.Value.Asked.Expires > now && PathOf(a.Key) == gate.Path
            && a.Value.Given.All(p => p.Id != by.Person.Id)).Select(a => a.Key);
        return JobControl.Yes(
            $"Approved ahead: {gate.Title}. It counts as long as the plan stays what it is.",
            [new ApprovedAhead(now, gate.Path, by.Person, job.PlanHash), .. open.Select(key => new ApprovalGiven(now, key, by.Person))]);
    }

    private static string PathOf(string key) => PlanSteps.PathOf(new StepKey(key.Split('@')[0], null));

    private static string Reason(string why, string otherwise) =>
        string.IsNullOrWhiteSpace(why) ? otherwise : Shortened.To(why, Longest);
}
