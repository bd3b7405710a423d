namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>The modal of a type 9 callback: title 45, 1 to 5 components, each a label or the older row with one text input.</summary>
internal static class ModalRules
{
    private const int RadioGroup = 21;
    private const int CheckboxGroup = 22;
    private const int Checkbox = 23;

    private static readonly long[] InLabel = [3, 4, 5, 6, 7, 8, 19, RadioGroup, CheckboxGroup, Checkbox];

    public static void Check(Form modal)
    {
        modal.Text("custom_id", 100, 1, required: true);
        modal.Text("title", 45, 1, required: true);
        var customIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var component in modal.Maps("components", 5, 1, required: true))
        {
            var type = component.Choice("type", [ComponentRules.Row, ComponentRules.TextDisplay, ComponentRules.Label], required: true);
            if (type == ComponentRules.TextDisplay)
            {
                component.Text("content", 4000, 1, required: true);
            }
            else if (type == ComponentRules.Label)
            {
                component.Text("label", 45, 1, required: true);
                component.Text("description", 100);
                CheckInput(component.Map("component", required: true), InLabel, customIds, labelled: true);
            }
            else if (type == ComponentRules.Row)
            {
                foreach (var input in component.Maps("components", 1, 1, required: true))
                {
                    CheckInput(input, [ComponentRules.TextInput], customIds, labelled: false);
                }
            }
        }
    }

    private static void CheckInput(Form? input, long[] allowed, HashSet<string> customIds, bool labelled)
    {
        if (input?.Choice("type", allowed, required: true) is not { } type)
        {
            return;
        }

        if (input.Text("custom_id", 100, 1, required: true) is { } id && !customIds.Add(id))
        {
            input.Refuse("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
        }

        input.Truth("required");
        if (type == ComponentRules.TextInput)
        {
            CheckTextInput(input, labelled);
        }
        else if (type is RadioGroup or CheckboxGroup)
        {
            foreach (var option in input.Maps("options", 10, type == RadioGroup ? 2 : 1, required: true))
            {
                option.Text("label", 100, 1, required: true);
                option.Text("value", 100, 1, required: true);
                option.Text("description", 100);
            }
        }
        else if (type is not (Checkbox or 19))
        {
            new SelectRules(input).Check(type);
        }
    }

    private static void CheckTextInput(Form input, bool labelled)
    {
        input.Choice("style", [1, 2], required: true);
        input.Text("label", 45, 1, required: !labelled);
        input.Text("placeholder", 100);
        input.Text("value", 4000);
        var min = input.Whole("min_length", 0, 4000) ?? 0;
        var max = input.Whole("max_length", 1, 4000) ?? 4000;
        if (min > max)
        {
            input.Refuse("min_length", "BASE_TYPE_BAD_RANGE", "min_length must not be greater than max_length.");
        }
    }
}
