namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>Options of commands that carry a value, and choices of autocomplete answers.</summary>
internal static class OptionRules
{
    public const int String = 3;
    public const int Integer = 4;
    public const int Number = 10;

    public static void Check(Form option, long type)
    {
        var choices = option.Maps("choices", 25);
        foreach (var choice in choices)
        {
            CheckChoice(choice, type);
        }

        if (choices.Count > 0 && type is not (String or Integer or Number))
        {
            option.Refuse(
                "choices",
                "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID",
                "Choices are allowed for string, integer and number options only"
            );
        }

        if (option.Truth("autocomplete") == true)
        {
            if (type is not (String or Integer or Number))
            {
                option.Refuse(
                    "autocomplete",
                    "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID_TYPE",
                    "Autocomplete is not supported by this option type"
                );
            }
            else if (choices.Count > 0)
            {
                option.Refuse(
                    "autocomplete",
                    "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
                    "Autocomplete and choices are mutually exclusive"
                );
            }
        }

        if (type == String)
        {
            option.Whole("min_length", 0, 6000);
            option.Whole("max_length", 1, 6000);
        }
    }

    /// <summary>Autocomplete answers: at most 25 choices whose values fit the focused option.</summary>
    public static void CheckAutocomplete(Form data, long type)
    {
        foreach (var choice in data.Maps("choices", 25, required: true))
        {
            CheckChoice(choice, type);
        }
    }

    private static void CheckChoice(Form choice, long type)
    {
        choice.Text("name", 100, 1, required: true);
        if (type == String)
        {
            choice.Text("value", 100, 1, required: true);
        }
        else if (type == Integer)
        {
            choice.Whole("value", -9_007_199_254_740_992, 9_007_199_254_740_992, required: true);
        }
        else if (JsonReading.Number(choice.Body["value"]) is null)
        {
            choice.Refuse("value", "NUMBER_TYPE_COERCE", "Value is not float.");
        }
    }
}
