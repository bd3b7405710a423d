using ScyllaBot.Core.Chat;

namespace ScyllaBot.Discord.Cards;

/// <summary>Choices as rows of five buttons, 25 at most.</summary>
internal static class ButtonRows
{
    public static ImmutableArray<JsonObject> Of(IEnumerable<Choice> choices) =>
    [
        .. choices
            .DistinctBy(c => c.Id, StringComparer.Ordinal)
            .Take(CardLimits.Rows * CardLimits.ButtonsPerRow)
            .Chunk(CardLimits.ButtonsPerRow)
            .Select(row => new JsonObject { ["type"] = 1, ["components"] = new JsonArray([.. row.Select(Button)]) }),
    ];

    private static JsonObject Button(Choice choice)
    {
        // A cut id would be somebody else's verb: better a button that can not be pressed than one that does another thing.
        var fits = choice.Id.Length is > 0 and <= CardLimits.CustomId;
        var button = new JsonObject
        {
            ["type"] = 2,
            ["style"] = Style(choice.Kind),
            ["label"] = Markup.Cut(choice.Label.Length == 0 ? "…" : choice.Label, CardLimits.ButtonLabel),
            ["custom_id"] = fits ? choice.Id : Markup.Cut("invalid:" + choice.Id, CardLimits.CustomId),
        };
        if (!choice.Enabled || !fits)
        {
            button["disabled"] = true;
        }

        return button;
    }

    private static int Style(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Primary => 1,
        ChoiceKind.Good => 3,
        ChoiceKind.Danger => 4,
        _ => 2,
    };
}
