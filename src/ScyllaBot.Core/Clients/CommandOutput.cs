namespace ScyllaBot.Core.Clients;

/// <summary>What a node's command printed, made fit for a sentence.</summary>
internal static class CommandOutput
{
    private const int MaxLength = 400;

    /// <summary>The end of it, on one line: the end is what explains a failure.</summary>
    public static string Tail(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var words = string.Join(" / ", lines.TakeLast(5));
        return words.Length == 0 ? "(no output)" : words.Length <= MaxLength ? words : "…" + words[^MaxLength..];
    }
}
