using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

public static partial class JobCard
{
    private static (Severity Severity, string Word) Paused(Job job)
    {
        var going = job.State == JobState.Pausing;
        return job.Pause?.Cause switch
        {
            _ when job.IsUnlocked => (Severity.Bad, "🔓 Unlocked"),
            PauseCause.ByHand => (Severity.Waiting, going ? "🖐 Being taken over" : "🖐 By hand"),
            PauseCause.Yield => (Severity.Waiting, going ? "↩ Yielding" : "↩ Yielded"),
            PauseCause.FleetHalt => (Severity.Warning, going ? "⛔ Halting with everything" : "⛔ Halted with everything"),
            _ when !going && job.Lapsed.Any() => (Severity.Waiting, "⏳ Paused, nobody decided"),
            _ => (Severity.Waiting, going ? "⏸ Pausing" : "⏸ Paused"),
        };
    }

    /// <summary>On every card while it lasts (R20).</summary>
    private static NoticePart Fleet(LiveJob live) => new("⛔ Everything is halted", live is { Fleet: { } halt, Job.IsOpen: true }
        ? $"by {Wording.Who(halt.By)} {Markup.Ago(halt.At)}{(halt.Why.Length > 0 ? $": {Markup.Escape(halt.Why, 200)}" : "")}\nNo node starts and no job until an approver lifts it." : "");

    private static NoticePart Pause(LiveJob live)
    {
        var text = live.Job switch
        {
            { IsUnlocked: true, Pause: { } pause } =>
                $"{Wording.Who(pause.By)} took its lease away: {Markup.Escape(pause.Why, 200)}\nEnd it (`/scp abort`) or plan it anew (`/scp handback`).",
            { Pause: { Cause: PauseCause.ByHand } pause } =>
                $"{Wording.Who(pause.By)} since {Markup.Ago(pause.Since)}: {Markup.Escape(pause.Why, 200)}\n"
                + (pause.IsHandsOff ? "Nothing of this job runs and its guards are off; `/scp handback` goes on." : "Held nodes finish their own steps first."),
            { Pause: { Cause: PauseCause.Yield, For: { } other } } => $"Job {Markup.Code(other, 40)} waits for the cluster or has it. This one goes on by itself after it.",
            { AwaitsLease: true, IsOpen: true } => "Waits for the lease: a background job finishes its present unit first.",
            _ => "",
        };
        return new(live.Job.AwaitsLease ? "Waits for the cluster" : "By hand or waiting", text);
    }

    private static NoticePart Tuned(Job job) => new("Tuned", job is { IsOpen: true, Tuning: { } tuning }
        ? string.Join(", ", new[] { tuning.Limit is { } n ? $"at most {n} at once" : null, tuning.StopAfter is { } stop ? $"stops after {stop} nodes" : null }.OfType<string>())
        : "", Inline: true);

    private static NoticePart Unders(Job job) => new("Under this job", Wording.Lines(job.Unders.Values.TakeLast(5).Select(u =>
        $"{Markup.Code(u.Asked.Task, 40)}{On(u.Asked.Node)} by {Wording.Who(u.Asked.By)}: {(u.End is not { } end ? (u.IsAtWork ? "runs" : "waits for its approval") : end.Why is { } why ? $"failed: {Markup.Escape(why, 120)}" : "done")}"), 500));
}
