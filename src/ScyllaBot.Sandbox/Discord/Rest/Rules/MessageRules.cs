using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>The form of a message, whoever sends it (docs: Message, Create Message; MessageCreateRequest).</summary>
internal static class MessageRules
{
    private const int MaxContent = 2_000;

    private const int MaxFileBytes = 10 * 1024 * 1024;

    private const int SettableFlags =
        Message.SuppressEmbeds | Message.Ephemeral | Message.SuppressNotifications | Message.ComponentsV2 | (1 << 13);

    /// <summary>Writes down what is wrong with the form.</summary>
    /// <param name="form">The request, or the data of an interaction callback.</param>
    /// <param name="files">Uploaded parts.</param>
    /// <param name="edited">The message as it is, or null for a new one.</param>
    public static void Check(Form form, IReadOnlyList<UploadedFile> files, Message? edited)
    {
        form.Text("content", MaxContent);
        var flags = (int)(form.Whole("flags", 0, int.MaxValue) ?? 0);
        if ((flags & ~(SettableFlags | (edited?.Flags ?? 0))) != 0)
        {
            form.Refuse("flags", "MESSAGE_FLAGS_INVALID", "Only message flags that may be set by an application are allowed.");
        }

        form.Truth("tts");
        EmbedRules.Check(form);
        MentionRules.Check(form.Map("allowed_mentions"));
        var v2 = ((flags | (edited?.Flags ?? 0)) & Message.ComponentsV2) != 0;
        new ComponentRules(form.Errors, v2).CheckMessage(form);
        if (v2)
        {
            RefuseOldStyle(form);
        }

        CheckFiles(form, files, edited);
    }

    /// <summary>50006 when nothing would be left to show.</summary>
    public static void RefuseEmpty(string content, JsonArray embeds, JsonArray components, int files)
    {
        if (content.Trim().Length == 0 && embeds.Count == 0 && components.Count == 0 && files == 0)
        {
            throw ApiError.EmptyMessage();
        }
    }

    private static void RefuseOldStyle(Form form)
    {
        var clashes = new[] { "content", "embeds", "poll", "sticker_ids" };
        foreach (
            var key in clashes.Where(key => form.Body[key] is { } value && value is not JsonArray { Count: 0 } && form.Body.Text(key) != "")
        )
        {
            form.Refuse(
                key,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                $"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            );
        }
    }

    private static void CheckFiles(Form form, IReadOnlyList<UploadedFile> files, Message? edited)
    {
        if (files.Count > 10)
        {
            form.Refuse("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
        }

        foreach (var file in files.Where(file => file.Bytes.Length > MaxFileBytes))
        {
            throw ApiError.TooLarge();
        }

        foreach (var attachment in form.Maps("attachments", 10))
        {
            var id = attachment.Id("id", required: true);
            attachment.Text("description", 1024);
            attachment.Text("filename", 1024);
            var known = files.Any(file => (ulong)file.Index == id) || edited?.Files.Exists(file => file.Id == id) == true;
            if (id is not null && !known)
            {
                attachment.Refuse("id", "ATTACHMENT_NOT_FOUND", $"Attachment data for id '{id}' not found");
            }
        }
    }
}
