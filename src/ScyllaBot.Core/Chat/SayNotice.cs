using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What a workflow says by <c>send-webhook-message</c>.</summary>
public static class SayNotice
{
    /// <param name="job">Whose step said it.</param>
    /// <param name="announced">What was said; escaped here.</param>
    /// <param name="sandbox">Says so in the footer.</param>
    public static Notice Render(Job job, Announced announced, bool sandbox) =>
        NoticeLimits.Fit(new Notice(Severity.Info, Wording.TitleOf(job))
        {
            Headline = Markup.Escape(announced.Message, 500),
            Parts =
            [
                new("Node", announced.Key.Node is { } node ? Markup.Code(node, 64) : "", Inline: true),
                new("Operator", Wording.Who(job.Owner), Inline: true),
            ],
            Footer = Wording.Footer(job, sandbox),
        });
}
