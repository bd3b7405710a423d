namespace ScyllaBot.Discord.Commands;

/// <summary>First answers to an interaction. Source: developer docs, "Interaction Callback Type".</summary>
internal static class Callback
{
    private const int EphemeralFlag = 64;

    /// <summary>5: "thinking…", for that person only; the answer comes by editing it.</summary>
    public static JsonObject Thinking() => new() { ["type"] = 5, ["data"] = new JsonObject { ["flags"] = EphemeralFlag } };

    /// <summary>6: a press was heard; nothing changes yet.</summary>
    public static JsonObject Silent() => new() { ["type"] = 6 };

    /// <summary>8.</summary>
    public static JsonObject Choices(ImmutableArray<(string Name, string Value)> choices) => new()
    {
        ["type"] = 8,
        ["data"] = new JsonObject
        {
            ["choices"] = new JsonArray([.. choices.Select(c => new JsonObject { ["name"] = c.Name, ["value"] = c.Value })]),
        },
    };

    /// <summary>9: has to be the very first answer.</summary>
    public static JsonObject Modal(JsonObject modal) => new() { ["type"] = 9, ["data"] = modal };
}
