using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>A job holds by itself (R6): said once without ringing, and once more with it when it lasts.</summary>
public static class HoldNotice
{
    /// <param name="job">As it is now.</param>
    /// <param name="since">When the hold began; it is current while that is the job's own.</param>
    /// <param name="why">The guard that turned false.</param>
    /// <param name="rings">It has lasted: the operator is called.</param>
    /// <param name="view">Everyone's view of that moment; null when nobody could look.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, DateTimeOffset since, string why, bool rings, string? view, Plan? plan, bool sandbox)
    {
        var isCurrent = job.Hold?.Since == since;
        var word = isCurrent ? "✋ Holding" : "Holding is over";
        return NoticeLimits.Fit(new Notice(isCurrent ? Severity.Warning : Severity.Muted, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{Wording.TitleOf(job)} {(rings ? "is still holding" : "holds")}: {Markup.Escape(why, 200)}",
            Body = Markup.Escape(why, 600),
            Parts =
            [
                new("Everyone's view", Markup.Block(view)),
                new("Down by us", isCurrent ? Wording.Down(job, plan, 700) : ""),
                new("What happens next", isCurrent ? "No further node is taken down; held nodes finish. It goes on by itself once everyone's view has been in order for a while." : ""),
                new("Since", Markup.Ago(since), Inline: true),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Choices = isCurrent ? Presses.For(job, plan) : [],
            Footer = Wording.Footer(job, sandbox),
            Mentions = rings && isCurrent ? Wording.Ring(job.Owner) : Mentions.None,
        });
    }
}
