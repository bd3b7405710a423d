using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Ports;

namespace ScyllaBot;

/// <summary>
/// What must not stand in a log, whoever wrote it there: the values of this bot's own secrets, and whatever has the shape of one. Nothing writes them on
/// purpose; this is for the exception of a library that quotes its request.
/// </summary>
internal sealed partial class LogSecrets
{
    public const string Hidden = "[hidden]";
    private const int ShortestValue = 8;
    private const int LongestFile = 16 * 1024;
    private readonly string[] _values;

    private LogSecrets(IEnumerable<string> values) => _values =
        [.. values.Select(v => v.Trim()).Where(v => v.Length >= ShortestValue).Distinct(StringComparer.Ordinal).OrderByDescending(v => v.Length)];

    /// <param name="configuration">Files and variables that it names are read now; what is rotated later keeps its shape.</param>
    public static LogSecrets Of(IConfiguration configuration)
    {
        var bot = configuration.GetSection("ScyllaBot");
        string?[] texts =
        [
            bot["Discord:Token"], Read(bot["Discord:TokenFile"]), Resolve(bot["Calls:Pager"]), Resolve(bot["Heartbeat:Url"]),
            Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_HEADERS"),
            .. new[] { bot["Discord:TokenFile"], bot["Control:TokenFile"], PathOf(bot["Calls:Pager"]), PathOf(bot["Heartbeat:Url"]) }.Where(MisplacedSecret.Is),
        ];
        var tokens = (Read(bot["Control:TokenFile"]) ?? "").Split(['\n', ' ', '\t', ':', '='], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length >= 2 * ShortestValue);
        return new LogSecrets(texts.OfType<string>().Concat(tokens));
    }

    public string Without(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, Hidden, StringComparison.Ordinal);
        }

        return Shapes().Replace(text, found => found.Groups["keep"].Value + Hidden);
    }

    private static string? Resolve(string? text) => text is null ? null
        : text.StartsWith("file:", StringComparison.Ordinal) && SecretRef.TryParse(text) is not null ? Read(text["file:".Length..])
        : text.StartsWith("env:", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(text["env:".Length..]) : text;

    private static string? PathOf(string? text) => text?.StartsWith("file:/", StringComparison.Ordinal) == true ? text["file:/".Length..] : null;

    private static string? Read(string? path)
    {
        try
        {
            return string.IsNullOrEmpty(path) ? null : BoundedText.Read(path, LongestFile);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Whoever needs it says so; here it only can not be hidden.
            return null;
        }
    }

    // A bot's or bearer's token, a webhook's or an interaction's, a password in an address, a private key, a token of Discord by itself.
    [GeneratedRegex(
        """(?<keep>\b(Bot|Bearer|Basic) )[A-Za-z0-9._~+/=-]{16,}|(?<keep>/(webhooks|interactions)/[0-9]+/)[A-Za-z0-9._-]{16,}|(?<keep>\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@"]+:)[^\s@/"]+(?=@)|(?<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)[^-]+|""" + MisplacedSecret.DiscordTokenShape,
        RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Shapes();
}
