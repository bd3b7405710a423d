using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Chat;

/// <summary>A notice as it lies in the outbox. Closed: a reader refuses what it does not know.</summary>
public static class NoticeJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string Write(Notice notice) => JsonSerializer.Serialize(notice, Options);

    /// <exception cref="FormatException">Not a notice, or of a newer version.</exception>
    public static Notice Read(string json)
    {
        try
        {
            var notice = JsonSerializer.Deserialize<Notice>(json, Options) ?? throw new FormatException("the notice is null");
            return notice.Parts.IsDefault || notice.Choices.IsDefault || notice.Mentions.People.IsDefault || notice.Mentions.Roles.IsDefault
                ? throw new FormatException("a list of the notice is null")
                : notice;
        }
        catch (JsonException unreadable)
        {
            throw new FormatException($"not a notice: {unreadable.Message}", unreadable);
        }
    }
}
