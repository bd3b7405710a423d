using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ScyllaBot.Sandbox.Http;

/// <summary>A node's answer. <see cref="Status"/> 0: the connection is reset instead.</summary>
internal sealed record RestAnswer(int Status, string Body)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static RestAnswer Reset { get; } = new(0, "");

    /// <summary>200 with an empty body, as every void call of Scylla's.</summary>
    public static RestAnswer Void { get; } = new(200, "");

    public static RestAnswer NotFound { get; } = Error(404, "Not found");

    public static RestAnswer Json(object value) => new(200, JsonSerializer.Serialize(value, _json));

    /// <summary>Scylla prints doubles in their shortest form, so whole ones have no fraction.</summary>
    public static RestAnswer Number(double value) => new(200, value.ToString("R", CultureInfo.InvariantCulture));

    public static RestAnswer Error(int status, string message) =>
        new(status, JsonSerializer.Serialize(new { message, code = status }, _json));

    /// <summary>500 with the text of a C++ exception.</summary>
    public static RestAnswer RuntimeError(string text) => Error(500, $"std::runtime_error ({text})");
}

/// <summary>One entry of a map, in Scylla's list-of-pairs form.</summary>
internal sealed record Pair(object Key, object Value);
