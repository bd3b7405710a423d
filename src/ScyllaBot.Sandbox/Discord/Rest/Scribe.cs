using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>Writes, changes and removes messages after checking their form. Callers hold the world's gate.</summary>
internal sealed class Scribe(DiscordWorld world)
{
    public Message Post(NewMessage request)
    {
        var form = new Form(new FormErrors(), request.Body, request.FormPath);
        MessageRules.Check(form, request.Files, edited: null);
        form.Errors.ThrowIfAny();
        var body = request.Body;
        var content = (body.Text("content") ?? "").Trim();
        var embeds = EmbedRules.Shown(body.List("embeds"));
        var components = ComponentShape.Shown(body.List("components"));
        MessageRules.RefuseEmpty(content, embeds, components, request.Files.Count);
        var flags = (int)(body.Whole("flags") ?? 0) & ~(request.MayHide ? 0 : Message.Ephemeral);
        var message = new Message(world.Ids.Next(), request.Channel, world.Now)
        {
            Type = request.Type,
            AuthorId = request.Author,
            WebhookId = request.WebhookId,
            WebhookAuthor = request.WebhookAuthor,
            Origin = request.Origin,
            OnlyFor = (flags & Message.Ephemeral) != 0 ? request.Origin?.User.Id : null,
            Content = content,
            Embeds = embeds,
            Components = components,
            Flags = flags,
            Nonce = body["nonce"]?.DeepClone(),
            Tts = body.Truth("tts") ?? false,
            Reference = request.Reference is { } target ? (target.Channel.Id, target.Id) : null,
            Referenced = request.Reference,
        };
        AttachNew(message, request.Files, body);
        message.Mentions = Mentions.In(
            TextOf(message),
            body.Map("allowed_mentions"),
            request.UsersOnly,
            request.RepliedTo,
            Person.Find(request.Author)
        );
        message.Pings = (flags & (Message.Ephemeral | Message.SuppressNotifications)) != 0 ? [] : message.Mentions.Pinged(request.Author);
        return Add(message);
    }

    /// <summary>The "thinking" message of a type 5 callback.</summary>
    public Message PostThinking(Interaction interaction, bool ephemeral, int type, Message? reference) =>
        Add(
            new Message(world.Ids.Next(), interaction.Channel, world.Now)
            {
                Type = type,
                AuthorId = Known.Bot,
                WebhookId = Known.Application,
                Origin = interaction,
                OnlyFor = ephemeral ? interaction.User.Id : null,
                Flags = Message.Loading | (ephemeral ? Message.Ephemeral : 0),
                Reference = reference is null ? null : (reference.Channel.Id, reference.Id),
                Referenced = reference,
            }
        );

    /// <summary>Missing members stay, null clears. Mentions are parsed again; nobody is pinged (docs: Message, Edit Message).</summary>
    public Message Edit(Message message, JsonObject body, IReadOnlyList<UploadedFile> files, bool usersOnly, string formPath = "")
    {
        var form = new Form(new FormErrors(), body, formPath);
        MessageRules.Check(form, files, message);
        form.Errors.ThrowIfAny();
        var content = body.ContainsKey("content") ? (body.Text("content") ?? "").Trim() : message.Content;
        var embeds = body.ContainsKey("embeds") ? EmbedRules.Shown(body.List("embeds")) : message.Embeds;
        var components = body.ContainsKey("components") ? ComponentShape.Shown(body.List("components")) : message.Components;
        var kept = body.ContainsKey("attachments")
            ? [.. message.Files.Where(file => body.List("attachments").Maps().Any(wanted => wanted.Id("id") == file.Id))]
            : message.Files.ToList();
        MessageRules.RefuseEmpty(content, embeds, components, kept.Count + files.Count);
        (message.Content, message.Embeds, message.Components) = (content, embeds, components);
        message.Files.RemoveAll(file => !kept.Contains(file));
        AttachNew(message, files, body);
        var settable = Message.SuppressEmbeds | Message.ComponentsV2;
        var flags = (int)(body.Whole("flags") ?? (message.Flags & settable)) & settable;
        message.Flags = (message.Flags & ~(Message.SuppressEmbeds | Message.Loading)) | flags;
        message.Mentions = Mentions.In(
            TextOf(message),
            body.Map("allowed_mentions"),
            usersOnly,
            repliedTo: null,
            Person.Find(message.AuthorId)
        );
        message.EditedAt = world.Now;
        message.Failed = false;
        world.Broadcast.MessageUpdated(message);
        return message;
    }

    public void Delete(Message message)
    {
        message.Channel.Remove(message);
        world.Broadcast.MessageDeleted(message);
    }

    public Message Add(Message message)
    {
        if (message.Channel.Thread is { Archived: true } thread)
        {
            thread.Archived = false;
            world.Broadcast.Thread("THREAD_UPDATE", message.Channel);
        }

        message.Channel.Add(message, world.Options.MessagesPerChannel);
        world.Broadcast.MessageCreated(message);
        return message;
    }

    private static string TextOf(Message message) =>
        message.Content
        + string.Concat(
            message
                .AllComponents()
                .Where(component => component.Whole("type") == ComponentRules.TextDisplay)
                .Select(component => "\n" + component.Text("content"))
        );

    private void AttachNew(Message message, IReadOnlyList<UploadedFile> files, JsonObject body)
    {
        foreach (var file in files)
        {
            var details = body.List("attachments").Maps().FirstOrDefault(entry => entry.Id("id") == (ulong)file.Index);
            var name = Path.GetFileName(details?.Text("filename") ?? file.Filename);
            var attachment = new Attachment(world.Ids.Next(), message.Channel.Id, name, file.ContentType, file.Bytes.Length, file.Pixels)
            {
                Description = details?.Text("description"),
            };
            world.Files.Keep(attachment.Id, file);
            message.Files.Add(attachment);
        }
    }
}

/// <summary>A message about to be posted.</summary>
internal sealed record NewMessage(Channel Channel, ulong Author, JsonObject Body, IReadOnlyList<UploadedFile> Files)
{
    public int Type { get; init; }

    /// <summary>Interactions and webhooks parse users only where allowed_mentions says nothing.</summary>
    public bool UsersOnly { get; init; }

    /// <summary>Only answers to interactions may be ephemeral.</summary>
    public bool MayHide { get; init; }

    public Interaction? Origin { get; init; }

    public ulong? WebhookId { get; init; }

    public JsonObject? WebhookAuthor { get; init; }

    public Message? Reference { get; init; }

    public ulong? RepliedTo { get; init; }

    /// <summary>Where the message stands in the request: "data" in a callback.</summary>
    public string FormPath { get; init; } = "";
}
