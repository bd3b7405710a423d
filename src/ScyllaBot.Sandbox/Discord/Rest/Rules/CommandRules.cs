using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>Application commands and their limits (docs: Application Commands).</summary>
internal static partial class CommandRules
{
    private const int MaxText = 8_000;

    private const int SubCommand = 1;

    private const int Group = 2;

    private static readonly (int Type, int Max)[] PerType = [(1, 100), (2, 15), (3, 15), (4, 1)];

    /// <summary>The whole list of a PUT.</summary>
    public static void CheckAll(JsonArray commands)
    {
        var errors = new FormErrors();
        if (commands.Count > 130)
        {
            errors.Add("", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 130 in length.");
        }

        var seen = new HashSet<(string?, long)>();
        foreach (var (index, command) in commands.Index())
        {
            if (command is not JsonObject map)
            {
                errors.Add($"{index}", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
                continue;
            }

            Check(new Form(errors, map, $"{index}"));
            if (!seen.Add((map.Text("name"), map.Whole("type") ?? 1)))
            {
                errors.Add("", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
            }
        }

        errors.ThrowIfAny();
        foreach (
            var (type, max) in PerType.Where(limit =>
                commands.Maps().Count(command => (command.Whole("type") ?? 1) == limit.Type) > limit.Max
            )
        )
        {
            throw new ApiError(400, 30032, $"Maximum number of application commands reached ({max})");
        }
    }

    public static void Check(Form command)
    {
        var type = command.Choice("type", [1, 2, 3, 4]) ?? 1;
        var name = command.Text("name", 32, 1, required: true);
        if (type == 1)
        {
            CheckName(command, name);
            command.Text("description", 100, 1, required: true);
            CheckOptions(command, depth: 0);
        }
        else if (!string.IsNullOrEmpty(command.Body.Text("description")))
        {
            command.Refuse("description", "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED", "Context menu commands cannot have description");
        }

        command.Truth("nsfw");
        command.Truth("dm_permission");
        CheckPermissions(command);
        CheckChoices(command, "contexts", [0, 1, 2]);
        CheckChoices(command, "integration_types", [0, 1]);
        if (TextLength(command.Body) > MaxText)
        {
            command.Errors.Add(command.Path, "APPLICATION_COMMAND_TOO_LARGE", $"Command exceeds maximum size ({MaxText})");
        }
    }

    private static void CheckOptions(Form parent, int depth)
    {
        var options = parent.Maps("options", 25);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var optionalSeen = false;
        foreach (var option in options)
        {
            var type = CheckOption(option, depth);
            if (option.Body.Text("name") is { } name && !names.Add(name))
            {
                parent.Refuse("options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
            }

            if (option.Body.Truth("required") == true && optionalSeen)
            {
                option.Errors.Add(
                    option.Path,
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    "Required options must be placed before non-required options"
                );
            }

            optionalSeen |= type > Group && option.Body.Truth("required") != true;
        }

        var nested = options.Count(option => option.Body.Whole("type") is SubCommand or Group);
        if (nested != 0 && nested != options.Count)
        {
            parent.Refuse(
                "options",
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "Sub-command and sub-command group option types are mutually exclusive to all other types"
            );
        }
    }

    private static long CheckOption(Form option, int depth)
    {
        long[] allowed = depth switch
        {
            0 => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            1 => [1, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            _ => [3, 4, 5, 6, 7, 8, 9, 10, 11],
        };
        CheckName(option, option.Text("name", 32, 1, required: true));
        option.Text("description", 100, 1, required: true);
        if (option.Choice("type", allowed, required: true) is not { } type)
        {
            return 0;
        }

        if (type is SubCommand or Group)
        {
            CheckOptions(option, type == Group ? 1 : 2);
            return type;
        }

        option.Truth("required");
        OptionRules.Check(option, type);
        return type;
    }

    private static void CheckName(Form form, string? name)
    {
        if (name is not null && (!Name().IsMatch(name) || name.Any(letter => char.ToLowerInvariant(letter) != letter)))
        {
            form.Refuse("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
    }

    private static void CheckPermissions(Form command)
    {
        if (command.Text("default_member_permissions", 40) is { } bits && !bits.All(char.IsAsciiDigit))
        {
            command.Refuse("default_member_permissions", "STRING_TYPE_REGEX", "String value did not match validation regex.");
        }
    }

    private static void CheckChoices(Form command, string key, long[] choices)
    {
        foreach (var (index, item) in (command.List(key, choices.Length) ?? []).Index())
        {
            if (JsonReading.Whole(item) is not { } whole || !choices.Contains(whole))
            {
                command.Errors.Add(
                    $"{command.Path}.{key}.{index}",
                    "BASE_TYPE_CHOICES",
                    $"Value must be one of ({string.Join(", ", choices)})."
                );
            }
        }
    }

    /// <summary>Names, descriptions and values of the command with all that is in it.</summary>
    private static int TextLength(JsonObject node) =>
        new[] { "name", "description", "value" }.Sum(key => node.Text(key)?.Length ?? 0)
        + node.List("options").Maps().Concat(node.List("choices").Maps()).Sum(TextLength);

    [GeneratedRegex(@"^[-_'\p{L}\p{N}\p{IsDevanagari}\p{IsThai}]{1,32}$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
