using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Nodes;

/// <summary>An HTTP/1.x answer from its bytes, to a request that said <c>Connection: close</c>.</summary>
internal static class RawAnswer
{
    private const int MostInterim = 5;

    /// <exception cref="ExchangeException">NoAnswer: it is not whole.</exception>
    public static HttpAnswer Parse(ReadOnlyMemory<byte> bytes) => Parse(bytes, MostInterim);

    private static HttpAnswer Parse(ReadOnlyMemory<byte> bytes, int interim)
    {
        var end = bytes.Span.IndexOf("\r\n\r\n"u8);
        var lines = end < 0 ? [] : Encoding.Latin1.GetString(bytes.Span[..end]).Split("\r\n");
        var status = lines.Length == 0 ? [] : lines[0].Split(' ', 3);
        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw Broken();
        }

        ImmutableArray<KeyValuePair<string, string>> headers =
            [.. lines[1..].Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).Where(l => l.Length == 2).Select(l => KeyValuePair.Create(l[0], l[1]))];
        var body = bytes[(end + 4)..];
        if (code == 100)
        {
            // A node may be hostile: it does not get to say "continue" for ever.
            return interim > 0 ? Parse(body, interim - 1) : throw Broken();
        }

        return new HttpAnswer(code, headers, BodyOf(headers, body));
    }

    private static ReadOnlyMemory<byte> BodyOf(ImmutableArray<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        if (Find(headers, "Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            return Chunks(body.Span);
        }

        if (Find(headers, "Content-Length") is not { } text)
        {
            return body;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= body.Length ? body[..length] : throw Broken();
    }

    private static byte[] Chunks(ReadOnlySpan<byte> rest)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = rest.IndexOf("\r\n"u8);
            var size = line < 0 ? "" : Encoding.Latin1.GetString(rest[..line]).Split(';')[0].Trim();
            if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0 || rest.Length - line - 2 < length)
            {
                throw Broken();
            }

            if (length == 0)
            {
                return body.ToArray();
            }

            body.Write(rest.Slice(line + 2, length));
            rest = rest[(line + 2 + length)..];
            rest = rest.StartsWith("\r\n"u8) ? rest[2..] : throw Broken();
        }
    }

    private static string? Find(ImmutableArray<KeyValuePair<string, string>> headers, string name) =>
        headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private static ExchangeException Broken() => new(ExchangeFailure.NoAnswer, "the answer is not whole");
}
