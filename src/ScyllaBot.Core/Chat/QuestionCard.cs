using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>A step's question to people: first with a button for each choice, then the same message with the answer and no buttons.</summary>
public static class QuestionCard
{
    /// <param name="job">As it is now.</param>
    /// <param name="asked">The question.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="later">The job's events after the question, for who answered when.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, QuestionAsked asked, Plan? plan, IEnumerable<JobEvent> later, bool sandbox)
    {
        var answered = later.OfType<QuestionAnswered>().FirstOrDefault(a => a.Key == asked.Key);
        var isOpen = answered is null && job is { IsOpen: true, Abort: null } && job.Questions.GetValueOrDefault(asked.Key) is { IsOpen: true };
        var word = isOpen ? "❔ Question" : answered is null ? "No longer asked" : "Answered";
        var buttons = isOpen ? Presses.ForQuestion(job, asked) : [];
        return NoticeLimits.Fit(new Notice(isOpen ? Severity.Waiting : Severity.Muted, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{word}: {Wording.TitleOf(job)}: {Markup.Escape(asked.Text, 200)}",
            Body = (answered is null ? "" : $"{Markup.Bold(answered.Answer)}, said {Wording.Who(answered.By)} {Markup.Ago(answered.At)}\n") + Markup.Escape(asked.Text, 1500),
            Parts =
            [
                new("Asked by step", Wording.Step(asked.Key, plan) + (asked.Key.Node is { } node ? $" on {Markup.Code(node, 64)}" : "")),
                new("Answers", isOpen ? Wording.Lines(asked.Choices.Select(c => Markup.Escape(c, 200)), 700) : ""),
                new("Must match", isOpen && asked.Pattern is { } pattern ? Markup.Code(pattern, 200) : ""),
                new("No buttons", isOpen && buttons.IsEmpty ? "The step's name fits no button: use `/scp answer`." : ""),
                new("Who may", isOpen ? "anyone with the operator right" : "", Inline: true),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Choices = isOpen ? [.. buttons, .. Presses.Press(ChoiceId.Details, job, "", "Details", ChoiceKind.Plain)] : [],
            Footer = Wording.Footer(job, sandbox),
            Mentions = isOpen ? Wording.Ring(job.Owner) : Mentions.None,
        });
    }
}
