using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>A job that waits or pauses can not be taken up by this version of the bot (R30): its operator is asked.</summary>
public static class StuckNotice
{
    public const string MendAndStart = "Mend the cause and start the bot again, or run the version that began the job.";

    /// <param name="job">As its journal has it.</param>
    /// <param name="why">What does not bind.</param>
    /// <param name="whatToDo">For people.</param>
    public static Notice Render(Job job, string why, string whatToDo = MendAndStart) => NoticeLimits.Fit(new Notice(Severity.Bad, $"🧩 Can not be taken up: {Wording.TitleOf(job)}")
    {
        Headline = $"{Wording.TitleOf(job)} can not be taken up: {Markup.Escape(why, 200)}",
        Body = Markup.Escape(why, 800),
        Parts =
        [
            new("What to do", $"{whatToDo} Nothing of it runs meanwhile, and it keeps its place."),
            new("Operator", Wording.Who(job.Owner), Inline: true),
        ],
        Footer = job.Id.ToString(),
        Mentions = Wording.Ring(job.Owner),
    });
}
