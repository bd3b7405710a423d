using System.Buffers;

namespace ScyllaBot.Transports.Ssh;

/// <summary>The one place where an argv becomes a line for the remote login shell (decision 5); that shell must understand POSIX quoting.</summary>
public static class ShellQuote
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+:,./-");

    /// <exception cref="ArgumentException">No words, or a NUL, which no argv can hold.</exception>
    public static string Line(IEnumerable<string> argv)
    {
        var line = string.Join(' ', argv.Select(Word));
        return line.Length > 0 ? line : throw new ArgumentException("an empty argv", nameof(argv));
    }

    private static string Word(string word)
    {
        if (word.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a word with a NUL in it", nameof(word));
        }

        return word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
