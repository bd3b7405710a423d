namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>Select menus in messages and modals (docs: Component Reference, String Select and its siblings).</summary>
internal sealed class SelectRules(Form select)
{
    public void Check(long type)
    {
        select.Text("placeholder", 150);
        select.Truth("disabled");
        var min = select.Whole("min_values", 0, 25) ?? 1;
        var max = select.Whole("max_values", 1, 25) ?? 1;
        if (min > max)
        {
            select.Refuse("min_values", "BASE_TYPE_BAD_RANGE", "min_values must not be greater than max_values.");
        }

        if (type != ComponentRules.StringSelect)
        {
            return;
        }

        var options = select.Maps("options", 25, 1, required: true);
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            option.Text("label", 100, 1, required: true);
            option.Text("description", 100);
            option.Truth("default");
            if (option.Text("value", 100, 1, required: true) is { } value && !values.Add(value))
            {
                option.Refuse("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used");
            }
        }
    }
}
