using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>A question to people (R16): first with buttons, then the same message with the decision and no buttons.</summary>
public static class ApprovalCard
{
    private const int HashLength = 12;

    /// <param name="job">As it is now.</param>
    /// <param name="asked">The question; it is open while it is still the job's own for its key.</param>
    /// <param name="plan">For names of steps and the verdict; may be missing.</param>
    /// <param name="later">The job's events after the question, for who decided when.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, ApprovalAsked asked, Plan? plan, IEnumerable<JobEvent> later, bool sandbox)
    {
        var state = job.Approvals.GetValueOrDefault(asked.Key) is { } s && IsSame(s.Asked, asked) ? s : null;
        var isOpen = state is { IsOpen: true } && job.IsOpen;
        var own = later.TakeWhile(e => e is not ApprovalAsked again || !IsOf(again.Key, asked));
        var (severity, word, decision) = isOpen ? (Severity.Waiting, "Approval wanted", "") : Decision(job, asked, state, [.. own]);
        return NoticeLimits.Fit(new Notice(severity, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{word}: {Wording.TitleOf(job)}, {What(asked, plan)}",
            Body = decision.Length == 0 ? Markup.Escape(asked.Message, 800) : $"{decision}\n{Markup.Escape(asked.Message, 600)}",
            Parts =
            [
                new("What", What(asked, plan)),
                new("Nodes", Nodes(job)),
                new("Why it is safe", Wording.Lines((plan?.Verdict ?? []).Select(v => Markup.Escape(v, 160)), 700)),
                new("Cluster", Markup.Code(job.Cluster, 64), Inline: true),
                new("Asked by", Wording.Who(job.Birth.Operator), Inline: true),
                new("Plan", Markup.Code(asked.PlanHash, HashLength + 1), Inline: true),
                new("Who may", Approvers(asked), Inline: true),
                new("Needed", $"{state?.Given.Length ?? 0} of {asked.Count}", Inline: true),
                new(isOpen ? "Expires" : "", isOpen ? Markup.Ago(asked.Expires) : "", Inline: true),
                new("To be typed", isOpen && asked.Confirm is { } typed ? $"{Markup.Code(typed, 80)} (R17)" : "", Inline: true),
                new("Given by", isOpen ? string.Join(", ", state!.Given.Select(Wording.Who)) : ""),
                new("Reason", Markup.Escape(job.Birth.Reason, 120)),
                new("No buttons", isOpen && Buttons(job, asked).Length < 2 ? "The step's name fits no button: decide by command." : ""),
            ],
            Choices = isOpen ? Buttons(job, asked) : [],
            Footer = Wording.Footer(job, sandbox),
        });
    }

    private static ImmutableArray<Choice> Buttons(Job job, ApprovalAsked asked) =>
    [
        .. asked.Confirm is null ? Presses.Press(ChoiceId.Approve, job, asked.Key, "Approve", ChoiceKind.Good) : Presses.Press(ChoiceId.Confirm, job, asked.Key, "Approve…", ChoiceKind.Good),
        .. Presses.Press(ChoiceId.Refuse, job, asked.Key, "Reject", ChoiceKind.Danger),
        .. asked.MayBreakGlass == true ? Presses.Press(ChoiceId.Glass, job, asked.Key, "Break glass…", ChoiceKind.Danger) : [],
        .. Presses.Press(ChoiceId.Details, job, "", "Details", ChoiceKind.Plain),
    ];

    private static (Severity Severity, string Word, string Text) Decision(
        Job job, ApprovalAsked asked, ApprovalState? state, ImmutableArray<JobEvent> later)
    {
        var refused = later.OfType<ApprovalRefused>().FirstOrDefault(e => IsOf(e.Key, asked));
        if (refused is not null)
        {
            var why = refused.Why.Length == 0 ? "" : $": {Markup.Escape(refused.Why, 200)}";
            return (Severity.Bad, "Rejected", $"Rejected by {Wording.Who(refused.By)} {Markup.Ago(refused.At)}{why}");
        }

        if (later.OfType<GlassBroken>().FirstOrDefault(e => IsOf(e.Key, asked)) is { } glass)
        {
            return (Severity.Warning, "Approved alone", $"Approved alone by {Wording.Who(glass.By)} {Markup.Ago(glass.At)}: {Markup.Escape(glass.Why, 300)}");
        }

        if (state is { IsGranted: true })
        {
            var last = later.OfType<ApprovalGiven>().LastOrDefault(e => IsOf(e.Key, asked));
            var who = string.Join(", ", state.Given.Select(Wording.Who));
            return (Severity.Good, "Approved", $"Approved by {who} {Markup.Ago(last?.At ?? job.Updated)}");
        }

        return later.OfType<ApprovalExpired>().FirstOrDefault(e => IsOf(e.Key, asked)) is { } expired
            ? (Severity.Muted, "Expired", $"Nobody decided in time; it expired {Markup.Ago(expired.At)}")
            : (Severity.Muted, "No longer asked", job.IsOpen ? "The plan changed; it will be asked again." : "The job has ended.");
    }

    // Not record equality: lists read back from the journal are other arrays.
    private static bool IsSame(ApprovalAsked a, ApprovalAsked b) =>
        a.At == b.At && string.Equals(a.PlanHash, b.PlanHash, StringComparison.Ordinal);

    private static bool IsOf(string key, ApprovalAsked asked) => string.Equals(key, asked.Key, StringComparison.Ordinal);

    private static string What(ApprovalAsked asked, Plan? plan)
    {
        if (asked.Key is Approvals.Start or Approvals.Drift)
        {
            return asked.Key == Approvals.Start ? "start of the job" : "what has not begun, after a drift";
        }

        return Wording.Gate(asked.Key, plan);
    }

    private static string Nodes(Job job)
    {
        var shown = string.Join(", ", job.Birth.Targets.Take(6).Select(t => Markup.Code(t.Name, 40)));
        return job.Birth.Targets.Length > 6 ? $"{job.Birth.Targets.Length}: {shown} …" : shown;
    }

    private static string Approvers(ApprovalAsked asked) => asked.Approvers.IsDefaultOrEmpty
        ? "anyone with the approver right"
        : Markup.Cut(string.Join(", ", asked.Approvers.Take(8).Select(a => Markup.Escape(a, 40))), 400);
}
