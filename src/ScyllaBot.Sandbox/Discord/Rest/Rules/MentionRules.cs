namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>allowed_mentions (docs: Message, Allowed Mentions Object).</summary>
internal static class MentionRules
{
    private static readonly string[] Kinds = ["users", "roles", "everyone"];

    public static void Check(Form? form)
    {
        if (form is null)
        {
            return;
        }

        var parse = form.List("parse", 1521)?.Select(item => item?.ToString()).ToList() ?? [];
        foreach (var (index, kind) in parse.Index().Where(entry => !Kinds.Contains(entry.Item)))
        {
            form.Errors.Add($"{form.Path}.parse.{index}", "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').");
        }

        form.Truth("replied_user");
        foreach (var kind in Kinds.Take(2))
        {
            var ids = form.List(kind, 100) ?? [];
            foreach (var (index, id) in ids.Index().Where(entry => JsonReading.Id(entry.Item) is null))
            {
                form.Errors.Add($"{form.Path}.{kind}.{index}", "NUMBER_TYPE_COERCE", $"Value is not snowflake.");
            }

            if (ids.Count > 0 && ids.Select(id => id?.ToString()).Distinct(StringComparer.Ordinal).Count() != ids.Count)
            {
                form.Refuse(kind, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
            }

            if (ids.Count > 0 && parse.Contains(kind))
            {
                form.Errors.Add(
                    form.Path,
                    "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                    $"parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive."
                );
            }
        }
    }
}
