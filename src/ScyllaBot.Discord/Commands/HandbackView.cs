using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>What was done by hand, node by node, with a button for each thing that can become of it (R19).</summary>
internal static class HandbackView
{
    public static Notice Of(JobId job, ImmutableArray<HandCompared> nodes) => NoticeLimits.Fit(new Notice(Severity.Waiting, $"Hand back job {Markup.Escape(job.Value, 40)}?")
    {
        Body = TextLines.Of(nodes.OrderBy(n => n.Status == HandStatus.ChangedByHand ? 0 : 1).Select(Line), 3000),
        Parts =
        [
            new("What becomes of those that were changed by hand?",
                "The buttons mean all of them: their remaining steps count as **done**, are done again from the first one (**redo**), or are dropped (**skip**). "
                + "For each its own: `/scp handback` with nodes `name=done other=redo`."),
        ],
        Choices =
        [
            .. Button(job, HandbackChoice.Redo, "Redo them", ChoiceKind.Primary),
            .. Button(job, HandbackChoice.Done, "Mark them done", ChoiceKind.Plain),
            .. Button(job, HandbackChoice.Skip, "Skip them", ChoiceKind.Plain),
        ],
    });

    /// <summary>The same notice, below what stands above all jobs (R20).</summary>
    public static Notice UnderHalt(Notice notice, FleetHalt? halt) => halt is null ? notice
        : NoticeLimits.Fit(notice with { Severity = Severity.Bad, Body = $"⛔ {TextLines.Plain(halt.Sentence)}\n\n{notice.Body}" });

    private static string Line(HandCompared node) => node.Status switch
    {
        HandStatus.ChangedByHand => $"- {Markup.Code(node.Node, 80)} **changed by hand**: {Markup.Escape(node.What, 200)}",
        HandStatus.DoneByTheJob => $"- {Markup.Code(node.Node, 80)} done by the job",
        _ => $"- {Markup.Code(node.Node, 80)} untouched",
    };

    private static IEnumerable<Choice> Button(JobId job, string choice, string label, ChoiceKind kind) =>
        ChoiceId.TryFormat(ChoiceId.Handback, job, choice) is { } id ? [new Choice(id, label, kind)] : [];
}
