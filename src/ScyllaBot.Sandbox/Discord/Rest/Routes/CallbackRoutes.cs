using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>The first answer to an interaction (docs: Receiving and Responding, Create Interaction Response).</summary>
internal static class CallbackRoutes
{
    private const int Answer = 4;
    private const int Defer = 5;
    private const int DeferUpdate = 6;
    private const int Update = 7;
    private const int Choices = 8;
    private const int Modal = 9;

    public static IEnumerable<ApiRoute> All =>
        [new("POST", "/interactions/{interaction}/{token}/callback", RouteLimit.None, Callback) { NeedsBot = false }];

    private static ApiReply Callback(ApiCall call)
    {
        var interaction = call.World.Interactions.Find(call.Id("interaction"));
        if (interaction is null || interaction.Token != call.Route("token"))
        {
            throw ApiError.UnknownInteraction();
        }

        if (interaction.Answer is not null)
        {
            throw ApiError.AlreadyAcknowledged();
        }

        if (interaction.Failed || call.World.Interactions.TooLate(interaction))
        {
            throw ApiError.UnknownInteraction();
        }

        var form = new Form(new FormErrors(), call.Body, "");
        var type = form.Choice("type", [.. Allowed(interaction)], required: true);
        form.Errors.ThrowIfAny();
        Apply(call, interaction, (int)type!.Value);
        call.World.Interactions.Answered(interaction, (int)type.Value);
        return call.Flag("with_response") ? ApiReply.Ok(Response(call, interaction)) : ApiReply.NoContent;
    }

    private static IEnumerable<long> Allowed(Interaction interaction) =>
        interaction.Type switch
        {
            Interaction.CommandType => [Answer, Defer, Modal],
            Interaction.ComponentType => [Answer, Defer, DeferUpdate, Update, Modal],
            Interaction.AutocompleteType => [Choices],
            _ => interaction.Source is null ? [Answer, Defer, DeferUpdate] : [Answer, Defer, DeferUpdate, Update],
        };

    private static void Apply(ApiCall call, Interaction interaction, int type)
    {
        var data = call.Body.Map("data") ?? [];
        var scribe = new Scribe(call.World);
        switch (type)
        {
            case Answer:
                interaction.Original = scribe.Post(FirstMessage(call, interaction, data));
                break;
            case Defer:
                var ephemeral = ((data.Whole("flags") ?? 0) & Message.Ephemeral) != 0;
                interaction.Original = scribe.PostThinking(interaction, ephemeral, MessageType(interaction), interaction.Source);
                break;
            case DeferUpdate:
                interaction.Original = interaction.Source;
                break;
            case Update:
                interaction.Original = scribe.Edit(interaction.Source!, data, call.Files, usersOnly: true, "data");
                break;
            case Choices:
                TakeChoices(interaction, new Form(new FormErrors(), data, "data"));
                break;
            default:
                OpenModal(call, interaction, new Form(new FormErrors(), data, "data"));
                break;
        }
    }

    private static NewMessage FirstMessage(ApiCall call, Interaction interaction, JsonObject data) =>
        new(interaction.Channel, Known.Bot, data, call.Files)
        {
            Type = MessageType(interaction),
            Origin = interaction,
            WebhookId = Known.Application,
            UsersOnly = true,
            MayHide = true,
            Reference = interaction.Source,
            FormPath = "data",
        };

    /// <summary>Answers to commands are of type 20; answers to components are replies to their message.</summary>
    private static int MessageType(Interaction interaction) =>
        interaction.Source is not null ? Message.Reply
        : interaction.Type == Interaction.CommandType ? Message.Command
        : Message.Default;

    private static void TakeChoices(Interaction interaction, Form data)
    {
        var focused = FocusedOption(interaction.Data);
        OptionRules.CheckAutocomplete(data, focused?.Whole("type") ?? OptionRules.String);
        data.Errors.ThrowIfAny();
        interaction.Choices.TrySetResult(data.Body.List("choices")!.DeepClone().AsArray());
    }

    private static JsonObject? FocusedOption(JsonObject node) =>
        node.Truth("focused") == true ? node : node.List("options").Maps().Select(FocusedOption).FirstOrDefault(leaf => leaf is not null);

    private static void OpenModal(ApiCall call, Interaction interaction, Form data)
    {
        ModalRules.Check(data);
        data.Errors.ThrowIfAny();
        var modal = data.Body.DeepClone().AsObject();
        modal["components"] = ComponentShape.Numbered(data.Body.List("components"));
        call.World.Interactions.OpenModal(interaction, modal);
        call.World.Broadcast.ModalOpened(interaction, modal);
    }

    /// <summary>InteractionCallbackResponse.</summary>
    private static JsonObject Response(ApiCall call, Interaction interaction)
    {
        var summary = new JsonObject
        {
            ["id"] = interaction.Id.ToString(),
            ["type"] = interaction.Type,
            ["channel_id"] = interaction.Channel.Id.ToString(),
        };
        if (interaction.Channel.GuildId is { } guild)
        {
            summary["guild_id"] = guild.ToString();
        }

        var response = new JsonObject { ["interaction"] = summary };
        if (interaction.Original is { } message)
        {
            summary["response_message_id"] = message.Id.ToString();
            summary["response_message_loading"] = message.IsLoading;
            summary["response_message_ephemeral"] = message.IsEphemeral;
            response["resource"] = new JsonObject
            {
                ["type"] = interaction.Answer,
                ["message"] = message.Json(call.World.Origin, call.World.Now),
            };
        }

        return response;
    }
}
