using System.Text.Json;
using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Rest.Rules;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>
/// Checks the options a human gave against the command's definition and prints them as an interaction carries them (facts, A4).
/// </summary>
/// <param name="partial">For autocomplete: options may be missing or unchecked, and one has the focus.</param>
internal sealed class CommandOptions(bool partial)
{
    private const int SubCommand = 1;
    private const int Group = 2;

    private readonly JsonObject _resolved = [];

    /// <summary>The data of the interaction.</summary>
    public JsonObject Data(JsonObject command, JsonArray? given)
    {
        var data = new JsonObject
        {
            ["id"] = command.Text("id"),
            ["name"] = command.Text("name"),
            ["type"] = 1,
        };
        if (command.Text("guild_id") is { } guild)
        {
            data["guild_id"] = guild;
        }

        if (Read(command, given) is { Count: > 0 } options)
        {
            data["options"] = options;
        }

        if (_resolved.Count > 0)
        {
            data["resolved"] = _resolved;
        }

        return data;
    }

    private JsonArray Read(JsonObject definition, JsonArray? given)
    {
        var defined = definition.List("options").Maps().ToList();
        var nested = defined.Exists(option => option.Whole("type") is SubCommand or Group);
        if (nested && given.Maps().Count() != 1)
        {
            throw new PageError(400, $"{definition.Text("name")} needs one of its subcommands.");
        }

        foreach (var unknown in given.Maps().Where(option => defined.TrueForAll(known => known.Text("name") != option.Text("name"))))
        {
            throw new PageError(400, "This option does not exist.", unknown.Text("name"));
        }

        var read = new JsonArray();
        foreach (var option in defined)
        {
            var value = given.Maps().FirstOrDefault(candidate => candidate.Text("name") == option.Text("name"));
            if (value is not null)
            {
                read.Add(nested ? Nested(option, value) : Leaf(option, value));
            }
            else if (option.Truth("required") == true && !partial && !nested)
            {
                throw new PageError(400, "This option is required. Specify a value.", option.Text("name"));
            }
        }

        return read;
    }

    private JsonObject Nested(JsonObject option, JsonObject given) =>
        new()
        {
            ["type"] = (int)option.Whole("type")!.Value,
            ["name"] = option.Text("name"),
            ["options"] = Read(option, given.List("options")),
        };

    private JsonObject Leaf(JsonObject option, JsonObject given)
    {
        var type = (int)(option.Whole("type") ?? 0);
        var leaf = new JsonObject { ["type"] = type, ["name"] = option.Text("name") };
        if (partial && given.Truth("focused") == true)
        {
            leaf["focused"] = true;
            leaf["value"] = given["value"]?.DeepClone() ?? "";
            return leaf;
        }

        leaf["value"] = partial ? given["value"]?.DeepClone() ?? "" : Value(option, type, given["value"]);
        return leaf;
    }

    private JsonNode Value(JsonObject option, int type, JsonNode? value)
    {
        var name = option.Text("name");
        var checkedValue = type switch
        {
            OptionRules.String => Text(option, value),
            OptionRules.Integer => JsonReading.Whole(value) is { } whole ? whole : throw new PageError(400, "Input a valid integer.", name),
            5 => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False
                ? value.DeepClone()
                : throw new PageError(400, "Choose true or false.", name),
            OptionRules.Number => JsonReading.Number(value) is { } number
                ? number
                : throw new PageError(400, "Input a valid number.", name),
            11 => throw new PageError(400, "The page can not upload files.", name),
            _ => Resolve(type, JsonReading.Id(value), name),
        };
        if (
            option.List("choices") is { Count: > 0 } choices
            && !choices.Maps().Any(choice => JsonNode.DeepEquals(choice["value"], checkedValue))
        )
        {
            throw new PageError(400, "Input a valid choice.", name);
        }

        if (
            JsonReading.Number(checkedValue) is { } amount
            && (
                amount < (JsonReading.Number(option["min_value"]) ?? double.MinValue)
                || amount > (JsonReading.Number(option["max_value"]) ?? double.MaxValue)
            )
        )
        {
            throw new PageError(400, $"Must be from {option["min_value"]} to {option["max_value"]}.", name);
        }

        return checkedValue;
    }

    private static JsonNode Text(JsonObject option, JsonNode? value)
    {
        var text = value is JsonValue given && given.TryGetValue<string>(out var read) ? read : "";
        var (min, max) = (option.Whole("min_length") ?? 1, option.Whole("max_length") ?? 6000);
        return text.Length >= min && text.Length <= max
            ? text
            : throw new PageError(400, $"Must be between {min} and {max} characters.", option.Text("name"));
    }

    private string Resolve(int type, ulong? id, string? name)
    {
        var found = type switch
        {
            6 => Resolution.User(_resolved, id),
            7 => Resolution.Channel(_resolved, id),
            8 => Resolution.Role(_resolved, id),
            9 => Resolution.User(_resolved, id) || Resolution.Role(_resolved, id),
            _ => false,
        };
        return found ? id!.Value.ToString() : throw new PageError(400, "Select a valid item.", name);
    }
}
