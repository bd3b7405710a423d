namespace ScyllaBot.Core.Ports;

/// <summary>Where a secret is, never what it is: <c>file:/absolute/path</c> or <c>env:NAME</c>. Safe to print, to journal and to hash.</summary>
public sealed record SecretRef
{
    private SecretRef(string text) => Text = text;

    /// <summary>As the inventory spells it.</summary>
    public string Text { get; }

    /// <summary>Stands for the value in what is handed to a port.</summary>
    public string Placeholder => $"{{{{secret {Text}}}}}";

    /// <returns>Null when it is no reference; a value in clear text is none.</returns>
    public static SecretRef? TryParse(string text) =>
        text.StartsWith("file:/", StringComparison.Ordinal) && text.Length <= 4096 && !text.Any(char.IsControl) && !text.Contains('}', StringComparison.Ordinal)
        || (text.StartsWith("env:", StringComparison.Ordinal) && text.Length is > 4 and <= 260 && text[4..].All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            ? new SecretRef(text) : null;

    public override string ToString() => Text;
}
