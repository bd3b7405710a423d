using System.Text.RegularExpressions;

namespace ScyllaBot;

/// <summary>A setting that names a file, and into which somebody put what the file should hold. It is said, but not said again.</summary>
internal static partial class MisplacedSecret
{
    /// <summary>An id in base64, the time, a signature.</summary>
    internal const string DiscordTokenShape = @"\b[MNO][A-Za-z0-9_-]{20,40}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{25,}";

    private const int Shortest = 20;

    /// <param name="setting">Such as <c>ScyllaBot:Discord:TokenFile</c>.</param>
    /// <param name="value">Of it.</param>
    /// <exception cref="StartRefusedException">The value is a secret by its looks; it is not in the message.</exception>
    public static void Refuse(string setting, string? value)
    {
        if (Is(value))
        {
            throw new StartRefusedException($"{setting}: this looks like a token. TokenFile wants the path of a file that holds it. Whoever has seen it here has the token: make a new one.");
        }
    }

    /// <summary>A file that is there is never one, whatever it is called.</summary>
    public static bool Is(string? value) => !string.IsNullOrEmpty(value) && !Path.Exists(value)
        && (DiscordToken().IsMatch(value) || (!IsInAFolder(value) && Word().Matches(value).Any(w => IsMixed(w.Value))));

    private static bool IsInAFolder(string value) => Path.GetDirectoryName(Path.GetFullPath(value)) is { } folder && value.Contains('/', StringComparison.Ordinal) && Directory.Exists(folder) && folder != "/";

    private static bool IsMixed(string word) => word.Length >= Shortest && word.Any(char.IsAsciiDigit) && word.Any(char.IsAsciiLetterLower) && word.Any(char.IsAsciiLetterUpper);

    [GeneratedRegex(DiscordTokenShape, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DiscordToken();

    [GeneratedRegex("[A-Za-z0-9+=_-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
