using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Registered application commands by scope: null is global, else the guild.</summary>
internal sealed class CommandBook(Snowflakes ids)
{
    private readonly Dictionary<ulong, List<JsonObject>> _scopes = [];

    public IReadOnlyList<JsonObject> In(ulong? guild) => _scopes.GetValueOrDefault(guild ?? 0) ?? [];

    /// <summary>What a member of the guild sees: its own commands first, which hide global ones of the same name.</summary>
    public IEnumerable<JsonObject> Visible =>
        In(Known.Guild).Concat(In(null).Where(command => In(Known.Guild).All(own => own.Text("name") != command.Text("name"))));

    public JsonObject? Find(string? name) => Visible.FirstOrDefault(command => command.Text("name") == name && command.Whole("type") == 1);

    /// <summary>PUT: the list replaces all; a known name or id keeps its identity, and its version too while nothing changes.</summary>
    public IReadOnlyList<JsonObject> Replace(ulong? guild, IEnumerable<JsonObject> requested)
    {
        var before = In(guild);
        List<JsonObject> after = [.. requested.Select(request => Registered(guild, request, Same(before, request)))];
        _scopes[guild ?? 0] = after;
        return after;
    }

    /// <summary>POST: creates, or replaces the command of the same name.</summary>
    public (JsonObject Command, bool Created) Upsert(ulong? guild, JsonObject request)
    {
        var list = _scopes[guild ?? 0] = [.. In(guild)];
        var old = Same(list, request);
        var command = Registered(guild, request, old);
        if (old is null)
        {
            list.Add(command);
        }
        else
        {
            list[list.IndexOf(old)] = command;
        }

        return (command, old is null);
    }

    public bool Remove(ulong? guild, ulong id) =>
        _scopes.TryGetValue(guild ?? 0, out var list) && list.RemoveAll(command => command.Id("id") == id) > 0;

    private static JsonObject? Same(IEnumerable<JsonObject> before, JsonObject request) =>
        before.FirstOrDefault(old =>
            request.Id("id") is { } id
                ? old.Id("id") == id
                : old.Text("name") == request.Text("name") && old.Whole("type") == (request.Whole("type") ?? 1)
        );

    /// <summary>ApplicationCommandResponse: what was sent plus what Discord adds.</summary>
    private JsonObject Registered(ulong? guild, JsonObject request, JsonObject? old)
    {
        var command = new JsonObject
        {
            ["id"] = old?.Text("id") ?? ids.Next().ToString(),
            ["application_id"] = Known.Application.ToString(),
            ["version"] = old?.Text("version") ?? "0",
            ["default_member_permissions"] = request["default_member_permissions"]?.DeepClone(),
            ["type"] = (int)(request.Whole("type") ?? 1),
            ["name"] = request.Text("name"),
            ["name_localizations"] = request["name_localizations"]?.DeepClone(),
            ["description"] = request.Text("description") ?? "",
            ["description_localizations"] = request["description_localizations"]?.DeepClone(),
            ["dm_permission"] = request.Truth("dm_permission") ?? guild is null,
            ["contexts"] = request["contexts"]?.DeepClone(),
            ["integration_types"] = request["integration_types"]?.DeepClone() ?? new JsonArray(0),
            ["nsfw"] = request.Truth("nsfw") ?? false,
        };
        if (guild is not null)
        {
            command["guild_id"] = guild.ToString();
        }

        if (request.List("options") is { Count: > 0 } options)
        {
            command["options"] = options.DeepClone();
        }

        if (old is null || !JsonNode.DeepEquals(old, command))
        {
            command["version"] = ids.Next().ToString();
        }

        return command;
    }
}
