using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What people are told when a job changes hands: taken over, still by hand, unlocked, given to somebody else (R18, R19, R21).</summary>
public static class HandNotice
{
    /// <param name="job">As it is now.</param>
    /// <param name="e">What happened.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, JobEvent e, Plan? plan, bool sandbox)
    {
        var (severity, word, text, rung) = Said(job, e);
        return NoticeLimits.Fit(new Notice(severity, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{word}: {Wording.TitleOf(job)}",
            Body = text,
            Parts =
            [
                new("Down by us", job.Held.Count > 0 ? Wording.Down(job, plan, 700) : ""),
                new("Reason", Markup.Escape(Why(job, e), 300)),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Footer = Wording.Footer(job, sandbox),
            Mentions = Ring(rung),
        });
    }

    private static (Severity Severity, string Word, string Text, Person[] Rung) Said(Job job, JobEvent e) => e switch
    {
        TakenOver x => (Severity.Waiting, "🖐 Taken over", $"{Wording.Who(x.By)} works by hand from the next safe point on; `/scp handback` goes on.", Others(job.Owner, x.By)),
        HandReminded => (
            Severity.Waiting, "🖐 Still by hand",
            $"Nothing of this job runs and its guards are off, since {Markup.Ago(job.Pause!.Since)}. Hand it back with `/scp handback`.", [job.Pause.By, job.Owner]),
        Unlocked x => (
            Severity.Bad, "🔓 Unlocked",
            $"{Wording.Who(x.By)} took its lease away. It may only be ended (`/scp abort`) or planned anew (`/scp handback`).", Others(job.Owner, x.By)),
        OwnerChanged x => (Severity.Info, "Handed over", $"{Wording.Who(x.By)} gave this job to {Wording.Who(x.To)}, who is called for it from now on.", [x.To]),
        _ => throw new InvalidOperationException($"nobody is told of {e.GetType().Name} here"),
    };

    private static string Why(Job job, JobEvent e) => e switch
    {
        TakenOver x => x.Why,
        Unlocked x => x.Why,
        HandReminded => job.Pause?.Why ?? "",
        _ => "",
    };

    // Whoever did it knows.
    private static Person[] Others(Person owner, Person by) => owner.Id == by.Id ? [] : [owner];

    private static Mentions Ring(Person[] people) => new([.. people.SelectMany(p => Wording.Ring(p).People).Distinct(StringComparer.Ordinal)], []);
}
