using System.Text;
using ScyllaBot.Core.Chat;

namespace ScyllaBot.Core.Tests.Chat;

/// <summary>A notice as plain text, all of it: what the snapshots hold.</summary>
internal static class NoticeText
{
    public static string Of(Notice notice)
    {
        var text = new StringBuilder();
        text.AppendLine($"[{notice.Severity}] {notice.Title}");
        text.AppendLine($"headline: {notice.Headline}");
        text.AppendLine(notice.Body);
        foreach (var part in notice.Parts)
        {
            text.AppendLine($"-- {part.Name}{(part.Inline ? " (inline)" : "")}");
            text.AppendLine(part.Text);
        }

        foreach (var choice in notice.Choices)
        {
            text.AppendLine($"({choice.Kind}) {choice.Label} -> {choice.Id}");
        }

        text.AppendLine($"footer: {notice.Footer}");
        return text.AppendLine($"rings: {string.Join(' ', notice.Mentions.People)} {string.Join(' ', notice.Mentions.Roles)}").ToString();
    }
}
