using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Rest;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>
/// What a human does in their client. Callers hold the world's gate; what their client would not let through is a <see
/// cref="PageError"/>.
/// </summary>
internal sealed class HumanActions(DiscordWorld world)
{
    public Interaction Command(JsonObject request)
    {
        var (user, channel) = Place(request);
        return world.Interactions.Send(
            Interaction.CommandType,
            user,
            channel,
            new CommandOptions(partial: false).Data(Definition(request), request.List("options"))
        );
    }

    public Interaction Autocomplete(JsonObject request)
    {
        var (user, channel) = Place(request);
        var data = new CommandOptions(partial: true).Data(Definition(request), request.List("options"));
        return Focused(data) != 1
            ? throw new PageError(400, "Exactly one option must have the focus.")
            : world.Interactions.Send(Interaction.AutocompleteType, user, channel, data);
    }

    public Interaction Press(JsonObject request)
    {
        var (user, channel) = Place(request);
        var message =
            channel.Find(request.Id("message")) is { } found && PageView.Sees(found, user.Id)
                ? found
                : throw new PageError(404, "This message is gone.");
        var customId = request.Text("custom_id");
        var component =
            message.AllComponents().FirstOrDefault(candidate => candidate.Text("custom_id") == customId)
            ?? throw new PageError(404, "This message has no such component.");
        if (component.Truth("disabled") == true)
        {
            throw new PageError(400, "This component is disabled.");
        }

        var data = new JsonObject
        {
            ["id"] = component.Whole("id"),
            ["custom_id"] = customId,
            ["component_type"] = component.Whole("type"),
        };
        if (component.Whole("type") != ComponentRules.Button)
        {
            AddValues(data, component, request.List("values") ?? []);
        }

        message.Failed = false;
        return world.Interactions.Send(Interaction.ComponentType, user, channel, data, message);
    }

    public Interaction Submit(JsonObject request)
    {
        var (user, channel) = Place(request);
        var open = world.Interactions.FindModal(user.Id, request.Text("custom_id")) ?? throw new PageError(404, "This modal is not open.");
        var data = new JsonObject
        {
            ["custom_id"] = open.CustomId,
            ["components"] = ModalAnswer.Fill(open.Modal, request.List("components")),
        };
        world.Interactions.CloseModal(open);
        return world.Interactions.Send(Interaction.ModalType, user, channel, data, open.Opener.Source, open.Opener);
    }

    public Message Say(JsonObject request)
    {
        var (user, channel) = Place(request);
        var content = request.Text("content")?.Trim() ?? "";
        return content.Length is 0 or > 2000
            ? throw new PageError(400, "A message has 1 to 2000 characters.")
            : new Scribe(world).Post(new NewMessage(channel, user.Id, new JsonObject { ["content"] = content }, []));
    }

    public Person User(ulong? id) => Person.Find(id) is { Bot: false } person ? person : throw new PageError(404, "No such user.");

    public Channel Channel(ulong? id, Person user) =>
        world.Channels.Find(id) is { HoldsMessages: true } channel && channel.SeenBy(user.Id)
            ? channel
            : throw new PageError(404, "No such channel.");

    private static int Focused(JsonObject node) => (node.Truth("focused") == true ? 1 : 0) + node.List("options").Maps().Sum(Focused);

    private static void AddValues(JsonObject data, JsonObject select, JsonArray values)
    {
        if (values.Count < (select.Whole("min_values") ?? 1) || values.Count > (select.Whole("max_values") ?? 1))
        {
            throw new PageError(400, "Choose as many values as the menu asks for.");
        }

        var resolved = new JsonObject();
        foreach (var value in values)
        {
            var known = select.Whole("type") switch
            {
                ComponentRules.StringSelect => select.List("options").Maps().Any(option => option.Text("value") == value?.ToString()),
                5 => Resolution.User(resolved, JsonReading.Id(value)),
                6 => Resolution.Role(resolved, JsonReading.Id(value)),
                7 => Resolution.User(resolved, JsonReading.Id(value)) || Resolution.Role(resolved, JsonReading.Id(value)),
                _ => Resolution.Channel(resolved, JsonReading.Id(value)),
            };
            if (!known)
            {
                throw new PageError(400, "This value is not on the menu.");
            }
        }

        data["values"] = values.DeepClone();
        if (resolved.Count > 0)
        {
            data["resolved"] = resolved;
        }
    }

    private JsonObject Definition(JsonObject request) =>
        world.Commands.Find(request.Text("name")) ?? throw new PageError(404, "No such command.");

    private (Person User, Channel Channel) Place(JsonObject request)
    {
        var user = User(request.Id("user"));
        return (user, Channel(request.Id("channel"), user));
    }
}
