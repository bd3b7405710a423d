using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>How a job ended. It rings only when it ended otherwise than its operator asked, or left a node down.</summary>
public static class EndNotice
{
    /// <param name="job">After the end.</param>
    /// <param name="ended">How.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, Ended ended, Plan? plan, bool sandbox)
    {
        var rings = EndedBadly(job, ended);
        var word = ended.Outcome switch
        {
            JobOutcome.Succeeded => "✅ Succeeded",
            JobOutcome.Aborted => "⏹ Aborted",
            _ => "🚫 Refused",
        };
        var severity = (ended.Outcome, job.Held.Count) switch
        {
            (_, > 0) => Severity.Bad,
            (JobOutcome.Succeeded, _) => Severity.Good,
            (JobOutcome.Aborted, _) => Severity.Warning,
            _ => Severity.Muted,
        };
        return NoticeLimits.Fit(new Notice(severity, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{word}: {Wording.TitleOf(job)}",
            Body = Markup.Escape(ended.Why, 800),
            Parts =
            [
                new("Took", Lengths.Of(ended.At - job.Birth.At), Inline: true),
                new("Operator", Wording.Who(job.Owner), Inline: true),
                new("Failed attempts", Failures(job), Inline: true),
                new("Skipped nodes", Wording.Lines(job.SkippedNodes.Select(Skipped), 900)),
                new("Still owed", DebtNotice.Short(job.Debts.Values, 900)),
                new("Still down by us", job.Held.Count > 0 ? Wording.Down(job, plan, 900) : ""),
            ],
            Footer = Wording.Footer(job, sandbox),
            Mentions = rings ? Wording.Ring(job.Owner) : Mentions.None,
        });
    }

    private static bool EndedBadly(Job job, Ended ended)
    {
        var me = job.Owner.Id;
        var askedForIt = string.Equals(job.Abort?.By.Id, me, StringComparison.Ordinal)
            || job.Approvals.Values.Any(a => string.Equals(a.RefusedBy?.Id, me, StringComparison.Ordinal));
        return job.Held.Count > 0 || (ended.Outcome != JobOutcome.Succeeded && !askedForIt);
    }

    private static string Skipped(KeyValuePair<string, string> node) => $"{Markup.Code(node.Key, 64)} {Markup.Escape(node.Value, 100)}";

    // Attempts count from 1, and a new one begins only after a failure (R11).
    private static string Failures(Job job) =>
        $"{job.Steps.Values.Sum(s => s.Attempt - (s.Status == StepStatus.Failed ? 0 : 1))}";
}
