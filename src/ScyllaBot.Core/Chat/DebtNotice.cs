using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What is owed, for people.</summary>
public static class DebtNotice
{
    /// <summary>The role that is called when nobody in particular is.</summary>
    public const string OnCall = "on-call";

    /// <summary>Its deadline is over: the one message that rings for it.</summary>
    public static Notice Overdue(Debt debt, bool sandbox) => NoticeLimits.Fit(
        new Notice(Severity.Bad, $"⏰ Overdue on {Markup.Escape(debt.Cluster, 60)}: {DebtWords.Of(debt.Kind)}")
        {
            Headline = $"Overdue on {Markup.Escape(debt.Cluster, 60)}: {Markup.Escape(debt.What, 200)}",
            Body = Markup.Escape(debt.What, 600),
            Parts =
            [
                new("Paid by", Markup.Code(debt.Undo.ToString(), 300)),
                new("Or, done by hand", Markup.Code($"/scp debts pay:{debt.Id} reason:", 100)),
                new("Owed since", Markup.Ago(debt.Opened), Inline: true),
                new("Overdue since", Markup.Ago(debt.Deadline), Inline: true),
                new("Job", Markup.Code(debt.Job.Value, 40), Inline: true),
            ],
            Footer = sandbox ? $"{debt.Id} · sandbox" : debt.Id,
            Mentions = new Mentions([], [OnCall]),
        });

    /// <summary>Everything that is open, the most urgent first.</summary>
    public static Notice List(ImmutableArray<Debt> open, string? cluster, DateTimeOffset now) => NoticeLimits.Fit(
        new Notice(open.Any(d => d.IsOverdue(now)) ? Severity.Warning : Severity.Info, cluster is null ? "Debts" : $"Debts of {Markup.Escape(cluster, 60)}")
        {
            Body = open.IsEmpty ? "Nothing is owed." : Wording.Lines(open.OrderBy(d => d.Deadline).Select(d => Line(d, now)), 3800),
            Footer = open.IsEmpty ? "" : "/scp debts pay:ID reason: marks one as paid by hand",
        });

    /// <summary>For a part of another notice; empty when nothing is owed.</summary>
    public static string Short(IEnumerable<Debt> debts, int max) =>
        debts.Where(d => d.Nature != DebtNature.Lapses).OrderBy(d => d.Deadline).Select(d => $"{Markup.Escape(d.What, 150)}, until {Markup.Ago(d.Deadline)}").ToArray()
            is { Length: > 0 } lines ? Wording.Lines(lines, max) : "";

    private static string Line(Debt debt, DateTimeOffset now)
    {
        var due = debt.Nature == DebtNature.Lapses ? $"goes by itself {Markup.Ago(debt.Deadline)}"
            : debt.IsOverdue(now) ? $"**overdue** since {Markup.Ago(debt.Deadline)}" : $"until {Markup.Ago(debt.Deadline)}";
        return $"{Markup.Code(debt.Id, 40)} {Markup.Escape(debt.Cluster, 40)}: {Markup.Escape(debt.What, 150)}; since {Markup.Ago(debt.Opened)}, {due}; "
            + $"job {Markup.Code(debt.Job.Value, 40)} owes it, paid by {Markup.Code(debt.Undo.ToString(), 120)}";
    }
}
