using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>An uploaded file of a message. The bytes are in <see cref="FileStore"/> and may be gone.</summary>
internal sealed record Attachment(ulong Id, ulong Channel, string Filename, string ContentType, int Size, (int Width, int Height)? Pixels)
{
    public string? Description { get; set; }

    public string Path => $"/cdn/attachments/{Channel}/{Id}/{Uri.EscapeDataString(Filename)}";

    /// <summary>Links are signed and expire in the real thing, so they never look the same twice here either.</summary>
    public string Url(string origin, DateTimeOffset now)
    {
        var expires = now.AddHours(24).ToUnixTimeSeconds();
        return $"{origin}{Path}?ex={expires:x}&is={now.ToUnixTimeSeconds():x}&hm={Id ^ (ulong)expires:x16}";
    }

    /// <summary>MessageAttachmentResponse.</summary>
    public JsonObject Json(string origin, DateTimeOffset now, bool ephemeral)
    {
        var url = Url(origin, now);
        var json = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["filename"] = Filename,
            ["size"] = Size,
            ["url"] = url,
            ["proxy_url"] = url,
            ["content_type"] = ContentType,
        };
        if (Description is not null)
        {
            json["description"] = Description;
        }

        if (Pixels is var (width, height))
        {
            json["width"] = width;
            json["height"] = height;
        }

        if (ephemeral)
        {
            json["ephemeral"] = true;
        }

        return json;
    }
}
