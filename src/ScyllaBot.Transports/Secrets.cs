using System.Buffers;
using System.Text;
using System.Text.Json;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports;

/// <summary>
/// Puts the values of secrets where their placeholders stand, right before bytes leave the process.
/// No value is kept, and none is ever in an exception, a log line or an argv.
/// </summary>
public static class Secrets
{
    private const int Longest = 64 * 1024;

    /// <summary>Every placeholder of <paramref name="secrets"/> in it replaced; what a value contains is not looked at again.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="secrets">The only ones that are resolved.</param>
    /// <param name="json">Values are escaped as parts of JSON strings.</param>
    /// <exception cref="ExchangeException">NotConnected: a secret can not be had, so nothing is sent.</exception>
    public static ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> text, IReadOnlyCollection<SecretRef> secrets, bool json = false)
    {
        if (secrets.Count == 0 || text.IsEmpty)
        {
            return text;
        }

        var places = secrets.SelectMany(s => Spellings(s).Select(p => (Spelling: p, Secret: s))).ToList();
        var filled = new ArrayBufferWriter<byte>(text.Length + 256);
        var rest = text.Span;
        while (true)
        {
            var (at, length, secret) = Next(rest, places);
            if (secret is null)
            {
                filled.Write(rest);
                return filled.WrittenMemory;
            }

            filled.Write(rest[..at]);
            var value = Value(secret);
            filled.Write(json ? JsonEncodedText.Encode(value).EncodedUtf8Bytes : Encoding.UTF8.GetBytes(value));
            rest = rest[(at + length)..];
        }
    }

    /// <summary>The same for a header's value.</summary>
    /// <exception cref="ExchangeException">NotConnected: it can not be had, or would not fit on a line.</exception>
    public static string Fill(string header, IReadOnlyCollection<SecretRef> secrets)
    {
        if (!secrets.Any(s => header.Contains(s.Placeholder, StringComparison.Ordinal)))
        {
            return header;
        }

        var filled = Encoding.UTF8.GetString(Fill(Encoding.UTF8.GetBytes(header), secrets).Span);
        return filled.Any(char.IsControl)
            ? throw Trouble($"a secret for a header has control characters in it: {string.Join(", ", secrets)}") : filled;
    }

    /// <summary>The value, without the line end that editors leave. A file must not be readable by everybody.</summary>
    /// <exception cref="ExchangeException">NotConnected: it can not be had.</exception>
    internal static string Value(SecretRef secret)
    {
        if (secret.Text.StartsWith("env:", StringComparison.Ordinal))
        {
            return Environment.GetEnvironmentVariable(secret.Text[4..]) is { Length: > 0 } value ? value : throw Trouble($"secret {secret}: not set, or empty");
        }

        var path = secret.Text["file:".Length..];
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                throw Trouble($"secret {secret}: everybody may read or write that file: chmod o-rw");
            }

            return new FileInfo(path).Length is > 0 and <= Longest
                ? File.ReadAllText(path).TrimEnd('\r', '\n') : throw Trouble($"secret {secret}: empty, or longer than 64 KiB");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw Trouble($"secret {secret}: {(missing is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : missing is UnauthorizedAccessException ? "the bot's user may not read that file" : "that file can not be read")}");
        }
    }

    /// <summary>Whether it could be put in now; its value is not told.</summary>
    /// <param name="secret">Which.</param>
    /// <param name="asAddress">It holds the address of a call.</param>
    /// <returns>Why not; null when all is well.</returns>
    public static string? WhyNot(SecretRef secret, bool asAddress = false)
    {
        try
        {
            var value = Value(secret);
            return asAddress ? AddressIn(value) is null ? NoAddress(secret) : null
                : value.Any(char.IsControl) ? $"secret {secret}: it has control characters or line ends in it" : null;
        }
        catch (ExchangeException trouble)
        {
            return trouble.Message;
        }
    }

    /// <summary>The address that a secret is.</summary>
    /// <exception cref="ExchangeException">NotConnected: it can not be had, or is none that a secret may go to.</exception>
    internal static Uri Address(SecretRef secret) => AddressIn(Value(secret)) ?? throw Trouble(NoAddress(secret));

    private static Uri? AddressIn(string value) => Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) ? uri : null;

    private static string NoAddress(SecretRef secret) => $"secret {secret}: it holds no https address";

    // JSON writers escape some letters of a path, such as + and &.
    private static IEnumerable<byte[]> Spellings(SecretRef secret) =>
        new[] { Encoding.UTF8.GetBytes(secret.Placeholder), JsonEncodedText.Encode(secret.Placeholder).EncodedUtf8Bytes.ToArray() };

    private static (int At, int Length, SecretRef? Secret) Next(ReadOnlySpan<byte> text, List<(byte[] Spelling, SecretRef Secret)> places)
    {
        (int At, int Length, SecretRef? Secret) first = (int.MaxValue, 0, null);
        foreach (var (spelling, secret) in places)
        {
            if (text.IndexOf(spelling) is >= 0 and var at && at < first.At)
            {
                first = (at, spelling.Length, secret);
            }
        }

        return first;
    }

    private static ExchangeException Trouble(string what) => new(ExchangeFailure.NotConnected, what);
}
