namespace ScyllaBot.Core;

/// <summary>A bound for what others wrote: their words are kept up to it, and the reader sees that there were more.</summary>
public static class Shortened
{
    /// <summary>The text itself, or its first <paramref name="most"/> characters and an ellipsis; a surrogate pair is never split.</summary>
    public static string To(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
}
