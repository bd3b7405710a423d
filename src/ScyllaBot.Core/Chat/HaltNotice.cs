using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>A human is needed (R7): the one message of a halt that rings, later the same message without buttons.</summary>
public static class HaltNotice
{
    /// <param name="job">As it is now.</param>
    /// <param name="halted">The halt; it is current while it is the job's own.</param>
    /// <param name="plan">For names of steps; may be missing.</param>
    /// <param name="later">The job's events after the halt, for who acknowledged and how it went on.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, Halted halted, Plan? plan, IEnumerable<JobEvent> later, bool sandbox)
    {
        var isCurrent = job.Halt == halted;
        var needsHuman = isCurrent && !job.HaltIsAcknowledged;
        var (severity, word, sequel) = needsHuman ? (Severity.Bad, "🛑 Halted", "") : Sequel(isCurrent, [.. later]);
        var attempt = halted.Key is { } key && job.Step(key) is { } step ? $", attempt {step.Attempt}" : "";
        return NoticeLimits.Fit(new Notice(severity, $"{word}: {Wording.TitleOf(job)}")
        {
            Headline = $"{Wording.TitleOf(job)} halted: {Markup.Escape(halted.Why, 200)}",
            Body = sequel.Length == 0 ? Markup.Escape(halted.Why, 800) : $"{sequel}\n{Markup.Escape(halted.Why, 600)}",
            Parts =
            [
                new("Step", halted.Key is { } k ? Wording.Step(k, plan) + attempt : "none", Inline: true),
                new("Node", halted.Key?.Node is { } node ? Markup.Code(node, 64) : "none", Inline: true),
                new("Class", Wording.Class(halted.Recoverable), Inline: true),
                new("Down by us", isCurrent ? Wording.Down(job, plan, 900) : ""),
                new("Owed", isCurrent ? DebtNotice.Short(job.Debts.Values, 600) : ""),
                new("Safe now", Markup.Escape(halted.SafeNow, 300)),
                new("Everyone's view", job.View is { } view && view.At == halted.At ? Markup.Block(view.Text) : ""),
                new("Halted", Markup.Ago(halted.At), Inline: true),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Choices = needsHuman ? Presses.ForHalt(job, plan) : [],
            Footer = Wording.Footer(job, sandbox),
            Mentions = needsHuman ? Wording.Ring(job.Owner) : Mentions.None,
        });
    }

    private static (Severity Severity, string Word, string Text) Sequel(bool isCurrent, ImmutableArray<JobEvent> later)
    {
        var ack = later.OfType<HaltAcknowledged>().FirstOrDefault();
        var acknowledged = ack is null ? "" : $"Acknowledged by {Wording.Who(ack.By)} {Markup.Ago(ack.At)}";
        if (isCurrent)
        {
            return (Severity.Warning, "🛑 Halted, acknowledged", acknowledged);
        }

        var end = later.FirstOrDefault(e => e is RetryAsked or AbortAsked or Halted or Ended) switch
        {
            RetryAsked { Extend: true } e => $"More time given by {Wording.Who(e.By)} {Markup.Ago(e.At)}",
            RetryAsked e => $"Retried by {Wording.Who(e.By)} {Markup.Ago(e.At)}",
            AbortAsked e => $"Aborted by {Wording.Who(e.By)} {Markup.Ago(e.At)}",
            Halted e => $"Halted anew {Markup.Ago(e.At)}",
            _ => "It is over.",
        };
        return (Severity.Muted, "Halt is over", acknowledged.Length == 0 ? end : $"{acknowledged}\n{end}");
    }
}
