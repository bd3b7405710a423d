using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace ScyllaBot.Sandbox.Http;

/// <summary>How the sandbox's own endpoints write JSON: snake case, times in ISO 8601, nulls written.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new UtcConverter() },
    };

    /// <summary>`DrainHangs` → `drain-hangs`, `Api500` → `api-500`.</summary>
    public static string Kebab<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => StartsWord(value.ToString(), i) ? "-" + c : c.ToString())).ToLowerInvariant();

    /// <summary>The value that <see cref="Kebab{T}"/> writes so; null when there is none.</summary>
    public static T? FromKebab<T>(string? text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(Kebab(value), text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The request's body; null when it is empty or no JSON of that shape.</summary>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Json, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static IResult Answer(object? value, int status = 200) => Results.Json(value, Json, statusCode: status);

    public static IResult Refuse(int status, string error) => Answer(new { error }, status);

    private static bool StartsWord(string text, int i) =>
        i > 0 && (char.IsUpper(text[i]) || (char.IsDigit(text[i]) && !char.IsDigit(text[i - 1])));

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"));
    }
}
