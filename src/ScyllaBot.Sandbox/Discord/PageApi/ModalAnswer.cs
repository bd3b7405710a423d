using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>
/// Puts what a human typed into the shape of the modal that was opened: labels answer as labels, rows as rows (facts, A4).
/// </summary>
internal static class ModalAnswer
{
    public static JsonArray Fill(JsonObject modal, JsonArray? typed)
    {
        var answers = ComponentShape
            .Flatten(typed)
            .Where(component => component.Text("custom_id") is not null)
            .GroupBy(component => component.Text("custom_id")!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var filled = new JsonArray();
        foreach (var component in modal.List("components").Maps())
        {
            var wrapper = new JsonObject { ["type"] = component.Whole("type"), ["id"] = component.Whole("id") };
            if (component.Map("component") is { } inner)
            {
                wrapper["component"] = Input(inner, answers);
            }
            else if (component.List("components") is { } row)
            {
                wrapper["components"] = new JsonArray([.. row.Maps().Select(input => (JsonNode)Input(input, answers))]);
            }

            filled.Add(wrapper);
        }

        return filled;
    }

    private static JsonObject Input(JsonObject input, Dictionary<string, JsonObject> answers)
    {
        var id = input.Text("custom_id")!;
        var given = answers.GetValueOrDefault(id);
        var filled = new JsonObject
        {
            ["type"] = input.Whole("type"),
            ["id"] = input.Whole("id"),
            ["custom_id"] = id,
        };
        if (input.Whole("type") == ComponentRules.TextInput)
        {
            filled["value"] = Text(input, given?.Text("value") ?? "");
            return filled;
        }

        if (given?["values"] is { } values)
        {
            filled["values"] = values.DeepClone();
        }
        else if (given?["value"] is { } value)
        {
            filled["value"] = value.DeepClone();
        }
        else if (input.Truth("required") != false && input.Whole("type") != 23)
        {
            throw new PageError(400, "This field is required.", id);
        }

        return filled;
    }

    private static string Text(JsonObject input, string text)
    {
        var id = input.Text("custom_id");
        if (text.Length == 0)
        {
            return input.Truth("required") == false ? text : throw new PageError(400, "This field is required.", id);
        }

        var (min, max) = (input.Whole("min_length") ?? 0, input.Whole("max_length") ?? 4000);
        return text.Length >= min && text.Length <= max
            ? text
            : throw new PageError(400, $"Must be between {min} and {max} characters.", id);
    }
}
