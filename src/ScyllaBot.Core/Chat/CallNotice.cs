using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>Calls that go beyond the operator (R7): a halt that nobody took on, a node that is down by us for long.</summary>
public static class CallNotice
{
    /// <summary>The halt once more, for whoever is on call.</summary>
    public static Notice Again(Job job, HaltCalled called, Plan? plan, bool sandbox)
    {
        var again = HaltNotice.Render(job, job.Halt!, plan, [], sandbox);
        var since = Lengths.Of(called.At - job.Halt!.At);
        return NoticeLimits.Fit(again with
        {
            Title = $"📟 Not acknowledged for {since}: {Wording.TitleOf(job)}",
            Headline = $"{Wording.TitleOf(job)} has been halted for {since} and nobody acknowledged it: {Markup.Escape(job.Halt.Why, 150)}",
            Mentions = new Mentions(Wording.Ring(job.Owner).People, [DebtNotice.OnCall]),
        });
    }

    /// <summary>Half of the hint window is over, or all of it.</summary>
    public static Notice Down(Job job, NodeDownLong e, Plan? plan, bool sandbox)
    {
        var (node, since) = (Markup.Escape(e.Node, 64), Lengths.Of(e.At - e.Since));
        return NoticeLimits.Fit(new Notice(Severity.Bad, $"⏳ {node} is down by us for {since}")
        {
            Headline = $"{node} is down by us for {since}: {Wording.TitleOf(job)}",
            Body = e.IsOver
                ? $"Others kept hints for it for {Lengths.Of(e.Window)}, and that is over: what was written since is missing on it. A repair is owed."
                : $"Half of the {Lengths.Of(e.Window)} is over for which others keep hints for it. After all of it a repair is needed.",
            Parts =
            [
                new("Down by us", Wording.Down(job, plan, 900)),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Choices = Presses.For(job, plan),
            Footer = Wording.Footer(job, sandbox),
            Mentions = new Mentions(Wording.Ring(job.Owner).People, [DebtNotice.OnCall]),
        });
    }
}
