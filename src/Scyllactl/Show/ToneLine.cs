using Spectre.Console;

namespace Scyllactl.Show;

/// <summary>How a line is meant.</summary>
internal enum Tone
{
    Plain,
    Title,
    Good,
    Warning,
    Bad,
    Quiet,
}

/// <summary>A line for people: the same words in a pipe and, coloured, on a terminal. Cleaned where it is made.</summary>
internal readonly record struct ToneLine(Tone Tone, string Text)
{
    /// <summary>Never markup: brackets stay brackets.</summary>
    public Text Styled() => new(Text, Tone switch
    {
        Tone.Title => new Style(decoration: Decoration.Bold),
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red, decoration: Decoration.Bold),
        Tone.Quiet => new Style(Color.Grey),
        _ => Style.Plain,
    });
}
