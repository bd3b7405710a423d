namespace ScyllaBot.Core.Jobs;

/// <summary>Who may decide an approval, and what a decision leads to (R16). Two presses can not both win: this runs in the job's mailbox.</summary>
internal static class ApprovalRules
{
    public static JobControl.Verdict Decide(Actor by, Job job, string key, bool approve, string why, DateTimeOffset now)
    {
        if (!job.IsOpen || job.Abort is not null)
        {
            return JobControl.No(job.IsOpen ? "The job is aborting: there is nothing to decide any more." : "The job has ended.");
        }

        if (job.Approvals.GetValueOrDefault(key) is not { } approval)
        {
            return JobControl.No("There is no such question in this job any more.");
        }

        if (!approval.IsOpen)
        {
            return JobControl.No(approval switch
            {
                { RefusedBy: { } refuser } => $"Already refused by {refuser.Name}.",
                { Expired: true } => "It expired.",
                _ => $"Already approved by {string.Join(", ", approval.Given.Select(p => p.Name))}.",
            });
        }

        if (approval.Asked.Expires <= now)
        {
            return JobControl.No("It expired.");
        }

        var isRequester = job.IsOwnedBy(by.Person);
        if (!approve && isRequester)
        {
            return JobControl.Yes("Withdrawn.", new ApprovalRefused(now, key, by.Person, Reason(why, "withdrawn by its requester")));
        }

        if (!by.May(Rights.Approve) || !MayDecide(by, approval.Asked.Approvers))
        {
            return JobControl.No(approval.Asked.Approvers.IsEmpty
                ? "You may not decide this: it needs the approver right." : $"You may not decide this: it is for {string.Join(", ", approval.Asked.Approvers)}.");
        }

        if (isRequester)
        {
            return JobControl.No("You asked for this job: somebody else must approve it.");
        }

        if (approve && approval.Given.Any(p => p.Id == by.Person.Id))
        {
            return JobControl.No("You have already approved it; it needs another person.");
        }

        return approve
            ? JobControl.Yes("Approved.", new ApprovalGiven(now, key, by.Person))
            : JobControl.Yes("Refused.", new ApprovalRefused(now, key, by.Person, Reason(why, "no reason given")));
    }

    private static bool MayDecide(Actor by, ImmutableArray<string> approvers) => approvers.IsEmpty
        || approvers.Contains(by.Person.Name, StringComparer.Ordinal) || approvers.Any(a => by.Roles.Contains(a, StringComparer.Ordinal));

    private static string Reason(string why, string otherwise) =>
        string.IsNullOrWhiteSpace(why) ? otherwise : why.Length <= 300 ? why : why[..300];
}
