using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>Nobody decided a gate in time (R16): said once, quietly; the job stands at a safe point until somebody asks again.</summary>
public static class LapseNotice
{
    /// <param name="job">As it is now.</param>
    /// <param name="lapsed">The event; it is current while that approval is still the job's.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, ApprovalExpired lapsed, Plan? plan, bool sandbox)
    {
        var isCurrent = IsCurrent(job, lapsed);
        var word = isCurrent ? "⏳ Nobody decided" : "Asked again";
        return NoticeLimits.Fit(new Notice(isCurrent ? Severity.Waiting : Severity.Muted, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{word}: {Wording.TitleOf(job)}, {Gate(lapsed.Key, plan)}",
            Body = isCurrent
                ? $"{Gate(lapsed.Key, plan)} was not decided in time. The job holds at its safe point; no node is down because of it."
                : $"{Gate(lapsed.Key, plan)} was not decided in time.",
            Parts = [new("What to do", isCurrent ? "Ask again: every gate that nobody decided is asked once more. Or abort." : ""), new("Operator", Wording.Who(job.Owner), Inline: true)],
            Choices = isCurrent
                ? [.. Presses.Press(ChoiceId.Resume, job, "", "Ask again", ChoiceKind.Primary), .. Presses.Press(ChoiceId.Abort, job, "", "Abort", ChoiceKind.Danger)]
                : [],
            Footer = Wording.Footer(job, sandbox),
        });
    }

    internal static bool IsCurrent(Job job, ApprovalExpired lapsed) => job is { IsOpen: true, Abort: null } && job.Lapsed.Any(a => a.Asked.Key == lapsed.Key);

    internal static string Gate(string key, Plan? plan) => key switch
    {
        Approvals.Start => "the start of the job",
        Approvals.Drift => "what has not begun, after a drift,",
        _ => Wording.Gate(key, plan),
    };
}

/// <summary>Somebody approved alone (R16): the owners are called, with the reason.</summary>
public static class GlassNotice
{
    /// <param name="job">As it is now.</param>
    /// <param name="broken">Who, what and why.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, GlassBroken broken, Plan? plan, bool sandbox) =>
        NoticeLimits.Fit(new Notice(Severity.Warning, $"🔨 Approved alone: {Wording.TitleOf(job)}")
        {
            Headline = $"{Markup.Escape(broken.By.Name, 60)} approved alone: {Wording.TitleOf(job)}",
            Body = $"{Wording.Who(broken.By)} approved {LapseNotice.Gate(broken.Key, plan)} alone:\n{Markup.Escape(broken.Why, 400)}",
            Parts = [new("Cluster", Markup.Code(job.Cluster, 64), Inline: true), new("Asked by", Wording.Who(job.Birth.Operator), Inline: true)],
            Choices = Presses.Press(ChoiceId.Details, job, "", "Details", ChoiceKind.Plain),
            Footer = Wording.Footer(job, sandbox),
            Mentions = new Mentions([], broken.Owners),
        });
}

/// <summary>What was meant is no longer what is there (R15): said once, quietly.</summary>
public static class DriftNotice
{
    /// <param name="job">As it is now.</param>
    /// <param name="drifted">What differs.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, PlanDrifted drifted, bool sandbox) =>
        NoticeLimits.Fit(new Notice(Severity.Warning, $"≠ The plan has drifted: {Wording.TitleOf(job)}")
        {
            Headline = $"The plan has drifted: {Wording.TitleOf(job)}",
            Body = Markup.Escape(drifted.What, 1500),
            Parts =
            [
                new("What it means", "Approvals of steps that have not begun are void and are asked again; that of the start too, once the job goes on."),
                new("It stays paused", StaysPaused(job) ? "It does not go on by itself: drop what has left the ring, or abort and plan anew." : ""),
                new("Left the ring", Wording.Lines((drifted.Gone ?? []).Select(n => $"{Markup.Code(n, 64)}: drop it, or abort and plan anew"), 700)),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Footer = Wording.Footer(job, sandbox),
            Mentions = StaysPaused(job) ? Wording.Ring(job.Owner) : Mentions.None,
        });

    /// <summary>Nobody pressed anything: it was about to go on by itself, and can not.</summary>
    private static bool StaysPaused(Job job) => job is { State: JobState.Paused, Pause.Cause: PauseCause.Yield or PauseCause.FleetHalt }
        && (job.LostTargets.Any() || job.IsStrange);
}
