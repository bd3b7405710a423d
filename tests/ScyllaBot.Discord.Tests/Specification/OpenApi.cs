using NJsonSchema;

namespace ScyllaBot.Discord.Tests.Specification;

/// <summary>Request bodies as Discord's own OpenAPI file (v10) describes them.</summary>
internal static class OpenApi
{
    /// <returns>What is wrong with the body; empty when it fits.</returns>
    public static async Task<string[]> WrongAsync(string path, string method, JsonNode body)
    {
        var text = await File.ReadAllTextAsync(FactWithSharedAttribute.Description!);
        var spec = JsonNode.Parse(text.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal))!;
        var request = spec["paths"]![path]![method]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        var root = new JsonObject
        {
            // The library knows references into definitions only, and no reference at the root.
            ["allOf"] = new JsonArray(request.DeepClone()),
            ["definitions"] = spec["components"]!["schemas"]!.DeepClone(),
        };
        Simplify(root);
        var schema = await JsonSchema.FromJsonAsync(root.ToJsonString());
        return [.. schema.Validate(body.ToJsonString()).Select(e => $"{e.Path}: {e.Kind}")];
    }

    /// <summary>
    /// What the library does not know: const is an enum of one; and where Discord says oneOf, shapes that differ by unknown members
    /// only would all fit.
    /// </summary>
    private static void Simplify(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            if (map["const"] is JsonValue only)
            {
                map["enum"] = new JsonArray(only.DeepClone());
            }

            if (map["oneOf"] is JsonArray choices)
            {
                map.Remove("oneOf");
                map["anyOf"] = choices;
            }
        }

        foreach (var child in node is JsonObject o ? o.Select(p => p.Value).ToList() : node is JsonArray a ? [.. a] : [])
        {
            Simplify(child);
        }
    }
}
