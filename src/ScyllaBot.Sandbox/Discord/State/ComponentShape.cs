using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>
/// Components as a message shows them: numbered, without unknown members, with the defaults that the OpenAPI description requires.
/// </summary>
internal static class ComponentShape
{
    private static readonly string[] Select =
    [
        "custom_id",
        "placeholder",
        "min_values",
        "max_values",
        "disabled",
        "channel_types",
        "default_values",
        "options",
    ];

    private static readonly Dictionary<long, string[]> Members = new()
    {
        [1] = ["components"],
        [2] = ["custom_id", "style", "label", "disabled", "emoji", "url", "sku_id"],
        [3] = Select,
        [5] = Select,
        [6] = Select,
        [7] = Select,
        [8] = Select,
        [9] = ["components", "accessory"],
        [10] = ["content"],
        [11] = ["media", "description", "spoiler"],
        [12] = ["items"],
        [13] = ["file", "spoiler"],
        [14] = ["spacing", "divider"],
        [17] = ["accent_color", "components", "spoiler"],
    };

    /// <summary>Discord numbers the components that come without an id (or with 0), depth first.</summary>
    public static JsonArray Numbered(JsonArray? components)
    {
        var copy = components?.DeepClone().AsArray() ?? [];
        var all = Flatten(copy).ToList();
        var taken = all.Select(component => component.Whole("id") ?? 0).ToHashSet();
        var next = 1;
        foreach (var component in all.Where(component => component.Whole("id") is null or 0))
        {
            while (taken.Contains(next))
            {
                next++;
            }

            component["id"] = next++;
        }

        return copy;
    }

    public static IEnumerable<JsonObject> Flatten(JsonArray? components) =>
        components
            .Maps()
            .SelectMany(component =>
                Flatten(component.List("components"))
                    .Concat(component.Map("accessory") is { } one ? [one] : [])
                    .Concat(component.Map("component") is { } inner ? [inner] : [])
                    .Prepend(component)
            );

    public static JsonArray Shown(JsonArray? components) =>
        new([.. Numbered(components).Maps().Select(component => (JsonNode)Shown(component))]);

    /// <summary>The media objects of a component tree, whose links may name an attachment.</summary>
    public static IEnumerable<JsonObject> Media(JsonArray components) =>
        Flatten(components)
            .SelectMany(component =>
                new[] { component.Map("media"), component.Map("file") }.Concat(
                    component.List("items").Maps().Select(item => item.Map("media"))
                )
            )
            .OfType<JsonObject>();

    private static JsonObject Shown(JsonObject component)
    {
        var type = component.Whole("type") ?? 0;
        var shown = new JsonObject { ["type"] = type, ["id"] = component.Whole("id") };
        foreach (var member in Members.GetValueOrDefault(type) ?? [])
        {
            if (component[member] is { } value)
            {
                shown[member] = value.DeepClone();
            }
        }

        if (component.List("components") is { } children)
        {
            shown["components"] = new JsonArray([.. children.Maps().Select(child => (JsonNode)Shown(child))]);
        }

        if (component.Map("accessory") is { } accessory)
        {
            shown["accessory"] = Shown(accessory);
        }

        AddDefaults(type, shown);
        return shown;
    }

    private static void AddDefaults(long type, JsonObject shown)
    {
        switch (type)
        {
            case 3 or 5 or 6 or 7 or 8:
                shown["min_values"] ??= 1;
                shown["max_values"] ??= 1;
                break;
            case 11:
                Describe(shown);
                break;
            case 12:
                shown.List("items").Maps().ToList().ForEach(Describe);
                break;
            case 13:
                shown["spoiler"] ??= false;
                shown["name"] = null;
                shown["size"] = null;
                break;
            case 14:
                shown["spacing"] ??= 1;
                shown["divider"] ??= true;
                break;
            case 17:
                shown["spoiler"] ??= false;
                shown["accent_color"] ??= null;
                break;
        }
    }

    private static void Describe(JsonObject item)
    {
        item["description"] ??= null;
        item["spoiler"] ??= false;
    }
}
