using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord;

/// <summary>Reads loosely typed JSON from outside without ever throwing: a value of another kind counts as absent.</summary>
internal static class JsonReading
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static string Print(this JsonNode node) => node.ToJsonString(Plain);

    /// <summary>Null when the text is not JSON, or is the literal null.</summary>
    public static JsonNode? TryParse(ReadOnlySpan<byte> utf8, out bool valid)
    {
        try
        {
            var node = JsonNode.Parse(utf8, documentOptions: Strict);
            valid = true;
            return node;
        }
        catch (JsonException)
        {
            valid = false;
            return null;
        }
    }

    public static string? Text(this JsonObject from, string key) =>
        from[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? Whole(this JsonObject from, string key) => Whole(from[key]);

    public static long? Whole(JsonNode? node) =>
        node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number ? null
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<double>(out var real) && real == Math.Floor(real) && Math.Abs(real) < 1e18 ? (long)real
        : null;

    public static double? Number(JsonNode? node) =>
        node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number ? null
        : value.TryGetValue<double>(out var real) ? real
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<int>(out var small) ? small
        : null;

    public static bool? Truth(this JsonObject from, string key) =>
        from[key]?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    public static JsonArray? List(this JsonObject from, string key) => from[key] as JsonArray;

    public static JsonObject? Map(this JsonObject from, string key) => from[key] as JsonObject;

    /// <summary>A snowflake is a string of digits; numbers are taken too, as Discord does.</summary>
    public static ulong? Id(this JsonObject from, string key) => Id(from[key]);

    public static ulong? Id(JsonNode? node) =>
        node is not JsonValue value ? null
        : value.TryGetValue<string>(out var text) ? Id(text)
        : value.GetValueKind() == JsonValueKind.Number && ulong.TryParse(value.ToJsonString(), out var number) ? number
        : null;

    public static ulong? Id(string? text) =>
        text is { Length: > 0 and <= 20 } && text.All(char.IsAsciiDigit) && ulong.TryParse(text, out var id) ? id : null;

    public static IEnumerable<JsonObject> Maps(this JsonArray? list) => list is null ? [] : list.OfType<JsonObject>();
}
