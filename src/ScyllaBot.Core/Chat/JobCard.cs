using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>The one live message of a job: where it stands, what is down by us, what it waits for, what comes next.</summary>
public static partial class JobCard
{
    /// <param name="live">The job and what it is doing at this moment.</param>
    /// <param name="now">What lengths are measured to.</param>
    /// <param name="sandbox">Says so in the footer: nothing real is touched.</param>
    public static Notice Render(LiveJob live, DateTimeOffset now, bool sandbox)
    {
        var job = live.Job;
        var (severity, state) = State(job);
        var word = state + WaitsFor(live);
        return NoticeLimits.Fit(new Notice(severity, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{Wording.TitleOf(job)}: {word.ToLowerInvariant()}{Count(live)}",
            Body = ZoneMap.Render(live, 1400),
            Parts =
            [
                Fleet(live), InFlight(live), Halt(live), Hold(live), Pause(live), Questions(live), Down(live), AtWork(live), Waits(live, now), Next(live), LastError(live, now),
                Approvals(job), Lapsed(live), Scope(job), Unders(job), Tuned(job),
                new("Operator", Wording.Who(job.Owner), Inline: true),
                new("Progress", Progress(live), Inline: true),
                new("Last update", Markup.Ago(job.Updated), Inline: true),
                new("Reason", Markup.Escape(job.Birth.Reason, 120)),
            ],
            Choices = [.. Presses.For(job, live.Plan), .. Presses.WaysOut(live)],
            Footer = Wording.Footer(job, sandbox),
        });
    }

    /// <summary>The card of a job that has just been asked for.</summary>
    internal static LiveJob Unbegun(Job job, Plan? plan) => new(
        job, plan, [],
        [.. (HandbackRules.HasNoNodes(job) ? [] : job.Birth.Targets).Select(t => new NodeProgress(t.Name, t.Zone, NodeProgressState.Waiting, null, null))], [], null);

    private static (Severity Severity, string Word) State(Job job) => job.State switch
    {
        JobState.Waiting when job.Approvals.Values.Any(a => a.IsOpen) => (Severity.Waiting, "⏳ Waiting for approval"),
        JobState.Waiting when job.AwaitsLease => (Severity.Waiting, "⏳ Waiting for the cluster"),
        JobState.Waiting => (Severity.Waiting, "⏳ Waiting to begin"),
        JobState.Running when job.IsFinishing => (Severity.Working, "▶ Finishing"),
        JobState.Running => (Severity.Working, "▶ Running"),
        JobState.Holding => (Severity.Warning, "✋ Holding"),
        JobState.Pausing or JobState.Paused => Paused(job),
        JobState.Halted when job.HaltIsAcknowledged => (Severity.Bad, "🛑 Halted, acknowledged"),
        JobState.Halted => (Severity.Bad, "🛑 Halted"),
        JobState.Aborting => (Severity.Warning, "⏹ Aborting"),
        _ => Ended(job.End?.Outcome),
    };

    private static (Severity Severity, string Word) Ended(JobOutcome? outcome) => outcome switch
    {
        JobOutcome.Succeeded => (Severity.Good, "✅ Succeeded"),
        JobOutcome.Aborted => (Severity.Warning, "⏹ Aborted"),
        JobOutcome.Refused => (Severity.Muted, "🚫 Refused"),
        _ => (Severity.Muted, "Ended"),
    };
}
