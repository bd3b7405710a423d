using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>One interaction: what the bot got and what became of it.</summary>
internal sealed class Interaction(ulong id, string token, int type, Person user, Channel channel, long startedAt)
{
    public const int CommandType = 2;
    public const int ComponentType = 3;
    public const int AutocompleteType = 4;
    public const int ModalType = 5;

    public ulong Id { get; } = id;

    public string Token { get; } = token;

    public int Type { get; } = type;

    public Person User { get; } = user;

    public Channel Channel { get; } = channel;

    /// <summary>Timestamp of the clock at sending: both deadlines count from it.</summary>
    public long StartedAt { get; } = startedAt;

    public required JsonObject Data { get; init; }

    /// <summary>The message whose component was pressed, or from which the modal was opened.</summary>
    public Message? Source { get; init; }

    /// <summary>The interaction whose answer opened the modal that this one submits.</summary>
    public Interaction? Trigger { get; init; }

    /// <summary>Type of the callback once there is one.</summary>
    public int? Answer { get; set; }

    public bool Failed { get; set; }

    /// <summary>What @original means: the answer, or for types 6 and 7 the pressed message.</summary>
    public Message? Original { get; set; }

    /// <summary>Completed with the choices of a type 8 answer, or null when none came in time.</summary>
    public TaskCompletionSource<JsonArray?> Choices { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ITimer? Deadline { get; set; }

    /// <summary>The <c>interaction_metadata</c> of a message that this interaction made.</summary>
    public JsonObject Metadata(Message message)
    {
        var metadata = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["type"] = Type,
            ["user"] = User.User(),
            ["authorizing_integration_owners"] = Owners(),
        };
        if (Type == CommandType)
        {
            metadata["name"] = Data.Text("name");
            metadata["command_type"] = 1;
        }

        if (Type == ComponentType && Source is not null)
        {
            metadata["interacted_message_id"] = Source.Id.ToString();
        }

        if (Type == ModalType && Trigger is not null)
        {
            metadata["triggering_interaction_metadata"] = Trigger.Metadata(message);
        }

        if (Original is not null && Original != message && Original != Source)
        {
            metadata["original_response_message_id"] = Original.Id.ToString();
        }

        return metadata;
    }

    /// <summary>The older <c>interaction</c> member, which only commands have.</summary>
    public JsonObject? LegacyMetadata() =>
        Type != CommandType
            ? null
            : new JsonObject
            {
                ["id"] = Id.ToString(),
                ["type"] = Type,
                ["name"] = Data.Text("name"),
                ["user"] = User.User(),
            };

    /// <summary>The <c>d</c> of INTERACTION_CREATE (docs: Receiving and Responding, Interaction Structure).</summary>
    public JsonObject Json(string origin, DateTimeOffset now)
    {
        var json = new JsonObject
        {
            ["version"] = 1,
            ["type"] = Type,
            ["token"] = Token,
            ["id"] = Id.ToString(),
            ["application_id"] = Known.Application.ToString(),
            ["channel_id"] = Channel.Id.ToString(),
            ["channel"] = Channel.InteractionChannel(User),
            ["data"] = Data.DeepClone(),
            ["app_permissions"] = Person.TheBot.Permissions.ToString(),
            ["locale"] = "en-US",
            ["entitlements"] = new JsonArray(),
            ["entitlement_sku_ids"] = new JsonArray(),
            ["authorizing_integration_owners"] = Owners(),
            ["context"] = Channel.IsDirect ? 1 : 0,
            ["attachment_size_limit"] = 10 * 1024 * 1024,
        };
        if (Channel.IsDirect)
        {
            json["user"] = User.User();
        }
        else
        {
            json["member"] = User.InteractionMember();
            json["guild_id"] = Known.Guild.ToString();
            json["guild_locale"] = "en-US";
            json["guild"] = new JsonObject
            {
                ["id"] = Known.Guild.ToString(),
                ["locale"] = "en-US",
                ["features"] = new JsonArray(),
            };
        }

        if (Source is not null)
        {
            json["message"] = Source.Json(origin, now);
        }

        return json;
    }

    private JsonObject Owners() => new() { ["0"] = Channel.IsDirect ? "0" : Known.Guild.ToString() };
}
