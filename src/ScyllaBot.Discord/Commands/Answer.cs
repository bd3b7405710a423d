using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>What somebody is told, and what the record says of it.</summary>
/// <param name="Message">Always for that person only.</param>
/// <param name="Decision">For the audit.</param>
/// <param name="ReplacesPressed">Edits the (private) message that was pressed instead of adding one.</param>
internal sealed record Answer(OutgoingMessage Message, string Decision, bool ReplacesPressed = false)
{
    /// <summary>A reason of several lines keeps them: each is bounded by itself.</summary>
    public static Answer Refused(string why)
    {
        var lines = why.Split('\n');
        return new Answer(
            OutgoingMessage.Private(TextLines.Of([$"🚫 {TextLines.Plain(lines[0])}", .. lines[1..].Select(TextLines.Plain)], 1900)), $"refused: {string.Join("; ", lines)}");
    }

    /// <summary>All that is wrong, one line each.</summary>
    public static Answer Refused(IEnumerable<string> why)
    {
        ImmutableArray<string> all = [.. why];
        return new Answer(OutgoingMessage.Private(TextLines.Of(all.Select(w => $"🚫 {TextLines.Plain(w)}"), 1900)),
            $"refused: {string.Join("; ", all)}");
    }

    public static Answer Of(Outcome outcome) => outcome switch
    {
        Outcome.Done done => new Answer(OutgoingMessage.Private($"✅ {TextLines.Plain(done.Message)}"), $"done: {done.Message}"),
        Outcome.Refused refused => Refused(refused.Message),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}"),
    };

    public static Answer NoSuchJob(JobId job) => Refused($"There is no job {Markup.Cut(job.Value, 40)}.");
}

/// <summary>Sentences of the engine as chat text.</summary>
internal static class TextLines
{
    /// <summary>Escaped and bounded: it may hold names from nodes and people.</summary>
    public static string Plain(string text) => Markup.Escape(text, 600);

    /// <summary>As many whole lines as fit; the rest is counted.</summary>
    public static string Of(IEnumerable<string> lines, int max)
    {
        var text = new System.Text.StringBuilder();
        var left = 0;
        foreach (var line in lines)
        {
            if (left > 0 || text.Length + line.Length + 20 > max)
            {
                left++;
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        return left > 0 ? $"{text}… and {left} more" : text.ToString().TrimEnd('\n');
    }
}
