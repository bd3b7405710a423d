using ScyllaBot.Core.Control;

namespace Scyllactl.Show;

/// <summary>The bot's own sentences on their way to a terminal: cleaned, and with what can be typed here where they name a command of chat.</summary>
internal static class Spoken
{
    /// <param name="sentence">Of the bot, never of a node or a person.</param>
    /// <param name="max">Longest.</param>
    /// <param name="job">What it is about, for commands that name none.</param>
    public static string Line(string? sentence, int max, string? job = null) => Clean.Line(ChatCommands.ForTerminal(sentence ?? "", job), max);

    /// <summary>Lines stay lines.</summary>
    public static string Block(string? sentence, string? job = null) => Clean.Block(ChatCommands.ForTerminal(sentence ?? "", job));
}
