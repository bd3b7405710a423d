using System.Globalization;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Yaml;

/// <summary>Text to a value of the wanted type, the same whatever the machine's language.</summary>
internal static class YamlScalars
{
    public const int MaxText = 4000;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(366);
    private static readonly TimeSpan MatchPatience = TimeSpan.FromMilliseconds(200);

    public static bool CanRead(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(int) || type == typeof(double) || type == typeof(bool)
        || type == typeof(TimeSpan) || type == typeof(Guid) || type == typeof(Uri) || type == typeof(DateTimeOffset) || type == typeof(SecretRef);

    /// <summary>What a value of that type looks like, after "needs".</summary>
    public static string Words(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Input.ChoicesOf(type))}"
        : type == typeof(string) ? "text"
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a number of seconds"
        : type == typeof(Guid) ? "an id such as 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c"
        : type == typeof(Uri) ? "an http or https address"
        : type == typeof(SecretRef) ? "where the secret is, `file:/path` or `env:NAME`, never the secret itself"
        : type == typeof(DateTimeOffset) ? "a time such as 2026-01-28T18:29:00Z"
        : "a mapping: `key: value` lines";

    /// <returns>Null when the text is not of that type.</returns>
    public static object? Read(Type type, string text)
    {
        if (type == typeof(string))
        {
            return text;
        }

        if (type.IsEnum)
        {
            var index = Input.ChoicesOf(type).IndexOf(text);
            return index < 0 ? null : Enum.Parse(type, Enum.GetNames(type)[index]);
        }

        return type == typeof(bool) ? Flag(text)
            : type == typeof(int) ? Whole(text)
            : type == typeof(double) ? Number(text)
            : type == typeof(TimeSpan) ? Seconds(text)
            : type == typeof(Guid) ? (Guid.TryParseExact(text, "D", out var id) ? id : null)
            : type == typeof(Uri) ? Address(text)
            : type == typeof(DateTimeOffset) ? Time(text)
            : type == typeof(SecretRef) ? SecretRef.TryParse(text)
            : null;
    }

    /// <returns>Null when the value keeps the input's own rules, otherwise what it must be.</returns>
    public static string? WhyNot(Input input, object value)
    {
        if (input.Range is { } range && !range.IsValid(value))
        {
            return $"must be between {Input.Spell(range.Minimum)} and {Input.Spell(range.Maximum)}";
        }

        if (value is not string text)
        {
            return null;
        }

        if (text.Length > MaxText)
        {
            return $"must not be longer than {MaxText} characters";
        }

        if (input.Required && string.IsNullOrWhiteSpace(text))
        {
            return "must not be empty";
        }

        // DataAnnotations' own check lets the empty text through and allows no match time-out per call.
        return input.Pattern is { } pattern && !Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, MatchPatience)
            ? $"must look like {pattern}"
            : null;
    }

    private static object? Flag(string text) => text switch { "true" => true, "false" => false, _ => null };

    private static object? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static object? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static object? Seconds(string text) =>
        Number(text) is double seconds && seconds >= 0 && seconds <= MaxDuration.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private static object? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    private static object? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
