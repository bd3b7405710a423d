using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest.Routes;

/// <summary>
/// The webhook that an interaction token opens for 15 minutes: @original and followups (docs: Receiving and Responding, Followup
/// Messages).
/// </summary>
internal sealed class InteractionWebhook
{
    private readonly ApiCall _call;

    private readonly Interaction _interaction;

    /// <summary>50027 for a wrong or dead token; 10015 while the interaction has no first answer.</summary>
    public InteractionWebhook(ApiCall call)
    {
        _call = call;
        _interaction = call.World.Interactions.WithToken(call.Route("token")) ?? throw ApiError.InvalidWebhookToken();
        if (call.World.Interactions.TokenDead(_interaction))
        {
            throw ApiError.InvalidWebhookToken();
        }

        if (_interaction.Answer is null)
        {
            throw ApiError.UnknownWebhook();
        }
    }

    /// <summary>The first followup after a type 5 answer takes the place of the thinking message, as it always did.</summary>
    public ApiReply FollowUp()
    {
        var scribe = new Scribe(_call.World);
        if (_interaction.Original is { IsLoading: true } thinking)
        {
            return Ok(scribe.Edit(thinking, _call.Body, _call.Files, usersOnly: true));
        }

        return Ok(
            scribe.Post(
                new NewMessage(_interaction.Channel, Known.Bot, _call.Body, _call.Files)
                {
                    Type = _interaction.Original is null ? Message.Default : Message.Reply,
                    Origin = _interaction,
                    WebhookId = Known.Application,
                    UsersOnly = true,
                    MayHide = true,
                    Reference = _interaction.Original,
                }
            )
        );
    }

    public ApiReply Get() => Ok(Find());

    public ApiReply Edit() => Ok(new Scribe(_call.World).Edit(Find(), _call.Body, _call.Files, usersOnly: true));

    public ApiReply Delete()
    {
        new Scribe(_call.World).Delete(Find());
        return ApiReply.NoContent;
    }

    private ApiReply Ok(Message message) => ApiReply.Ok((JsonNode)message.Json(_call.World.Origin, _call.World.Now));

    /// <summary>@original, or a message that this interaction made.</summary>
    private Message Find()
    {
        var wanted = _call.Route("message");
        var found = wanted is "" or "@original" ? _interaction.Original : _interaction.Channel.Find(_call.Id("message"));
        return
            found is not null
            && !found.Local
            && (found.Origin == _interaction || found == _interaction.Original)
            && _interaction.Channel.Messages.Contains(found)
            ? found
            : throw ApiError.UnknownMessage();
    }
}
