using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Control;

/// <summary>How both ends of the control endpoint read and write JSON: snake_case, names of choices as text, no nulls.</summary>
public static class ControlJson
{
    /// <summary>What the endpoint takes: an unknown, doubled or missing member is a mistake that the asker must hear of.</summary>
    public static JsonSerializerOptions Strict { get; } = Of(new JsonSerializerOptions(JsonSerializerOptions.Strict));

    /// <summary>What the endpoint answers, and how its askers read that: members of a newer version are left alone.</summary>
    public static JsonSerializerOptions Answers { get; } = Of(new JsonSerializerOptions());

    private static JsonSerializerOptions Of(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;

        // It is never part of a page, so text stays legible.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
