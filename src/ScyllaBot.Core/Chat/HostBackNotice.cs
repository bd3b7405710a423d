using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>We were away and are back (R10): how long, what is held, what happens next.</summary>
public static class HostBackNotice
{
    /// <param name="job">After the host took it up.</param>
    /// <param name="resumed">When and after how long.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, HostResumed resumed, Plan? plan, bool sandbox) =>
        NoticeLimits.Fit(new Notice(Severity.Warning, $"Back after {Lengths.Of(resumed.Away)}: {Wording.TitleOf(job)}")
        {
            Headline = $"ScyllaBot was away for {Lengths.Of(resumed.Away)}: {Wording.TitleOf(job)}",
            Body = "Nobody looked after this job in that time.",
            Parts =
            [
                new("Down by us", Wording.Down(job, plan, 1000)),
                new("What happens next", Next(job)),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Footer = Wording.Footer(job, sandbox),
        });

    private static string Next(Job job) => job.State switch
    {
        JobState.Waiting => "It waits for its approval.",
        JobState.Running => "It goes on with the same attempts; nothing that succeeded is done again.",
        JobState.Holding => "It holds; held nodes finish, and it goes on by itself once everyone's view has been in order for a while.",
        JobState.Pausing => "Held nodes finish their own steps, then it pauses.",
        JobState.Paused when job.Pause?.Cause is PauseCause.Yield => "It goes on by itself when the cluster is free.",
        JobState.Paused when job.Pause?.Cause is PauseCause.ByHand => "It stays by hand until it is handed back.",
        JobState.Paused => "It stays paused.",
        JobState.Halted => "It stays halted; held nodes other than the failed one finish their own steps.",
        JobState.Aborting => "Held nodes finish or are restored, then it ends.",
        _ => "",
    };
}
