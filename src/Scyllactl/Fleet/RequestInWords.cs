using System.Text;
using System.Text.Json;

namespace Scyllactl.Fleet;

/// <summary>A request as the record has it, <c>POST /v1/jobs/J/tune {"limit":1}</c>, as words: <c>POST /v1/jobs/J/tune limit=1</c>. The record cuts what is long.</summary>
internal static class RequestInWords
{
    public static string Of(string said)
    {
        var at = said.IndexOf(" {", StringComparison.Ordinal);
        if (at < 0 || !said.StartsWith("POST /", StringComparison.Ordinal))
        {
            return said;
        }

        try
        {
            return string.Join(' ', Given(Encoding.UTF8.GetBytes(said[(at + 1)..])).Prepend(said[..at]));
        }
        catch (JsonException)
        {
            return said;
        }
    }

    /// <summary>What has a value, as <c>name=value</c>; lists with commas.</summary>
    private static List<string> Given(byte[] body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        var given = new List<(string Name, List<string> Values)>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                given.Add((reader.GetString()!, []));
            }
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False && given is [.., var (_, values)])
            {
                var value = reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
                values.Add(value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value);
            }
        }

        var words = given.Where(g => g.Values.Any(v => v.Length > 0)).Select(g => $"{g.Name}={string.Join(',', g.Values)}").ToList();
        if (reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndObject)
        {
            words.Add("…");
        }

        return words;
    }
}
