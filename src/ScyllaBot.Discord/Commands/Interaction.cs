using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

internal enum InteractionKind
{
    Other = 0,
    Command = 2,
    Press = 3,
    Completion = 4,
    Modal = 5,
}

/// <summary>Something a person did in Discord. Source: developer docs, "Interaction object".</summary>
/// <param name="Parent">Parent channel when it happened in a thread; empty otherwise.</param>
/// <param name="RoleIds">Of that person at that moment.</param>
/// <param name="ReceivedAt">Timestamp of receipt.</param>
internal sealed record Interaction(
    InteractionKind Kind, InteractionToken Token, string Guild, string Channel, string Parent, Person Person,
    ImmutableArray<string> RoleIds, JsonElement Data, long ReceivedAt)
{
    public string Id => Token.Id;

    public string CustomId => Data.Text("custom_id");

    /// <returns>Null when it is none we could answer.</returns>
    public static Interaction? TryParse(GatewayDispatch dispatch)
    {
        var d = dispatch.Data;
        var token = new InteractionToken(d.Text("application_id"), d.Text("id"), d.Text("token"));
        if (token.Id.Length == 0 || token.Token.Length == 0)
        {
            return null;
        }

        var member = d.Part("member") ?? default;
        var user = member.Part("user") ?? d.Part("user") ?? default;

        // The user name is unique; a display name is whatever its owner likes, also somebody else's.
        var person = new Person(user.Text("id"), Markup.Cut(user.Text("username"), 64));
        var channel = d.Part("channel") ?? default;
        return new Interaction(
            Enum.IsDefined((InteractionKind)d.Int("type")) ? (InteractionKind)d.Int("type") : InteractionKind.Other,
            token,
            d.Text("guild_id"),
            d.Text("channel_id"),
            channel.Text("parent_id"),
            person,
            [.. member.Items("roles").Where(r => r.ValueKind == JsonValueKind.String).Select(r => r.GetString()!)],
            d.Part("data") ?? default,
            dispatch.ReceivedAt);
    }

    /// <summary>Text inputs of a modal, in the new form (label) and the old one (row).</summary>
    public string ModalText(string customId)
    {
        foreach (var component in Data.Items("components"))
        {
            var inputs = component.Part("component") is { } labelled ? [labelled] : component.Items("components");
            foreach (var input in inputs)
            {
                if (input.Text("custom_id") == customId)
                {
                    return input.Text("value");
                }
            }
        }

        return "";
    }
}
