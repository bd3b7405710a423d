using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>
/// One object of a request under check: reads a member, and writes down what is wrong with it. A missing or null member is fine unless
/// required.
/// </summary>
internal sealed class Form(FormErrors errors, JsonObject body, string path)
{
    public JsonObject Body { get; } = body;

    public FormErrors Errors { get; } = errors;

    public string Path { get; } = path;

    public void Refuse(string key, string code, string message) => Errors.Add(Below(key), code, message);

    public void Required(string key) => Refuse(key, "BASE_TYPE_REQUIRED", "This field is required");

    public string? Text(string key, int max, int min = 0, bool required = false)
    {
        if (!Given(key, required))
        {
            return null;
        }

        if (Body.Text(key) is not { } text)
        {
            Refuse(key, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            return null;
        }

        if (text.Length > max || text.Length < min)
        {
            var range = min == 0 ? $"Must be {max} or fewer in length." : $"Must be between {min} and {max} in length.";
            Refuse(key, min == 0 ? "BASE_TYPE_MAX_LENGTH" : "BASE_TYPE_BAD_LENGTH", range);
        }

        return text;
    }

    public long? Whole(string key, long min, long max, bool required = false)
    {
        if (!Given(key, required))
        {
            return null;
        }

        if (Body.Whole(key) is not { } whole)
        {
            Refuse(key, "NUMBER_TYPE_COERCE", $"Value \"{Cut(key)}\" is not int.");
            return null;
        }

        if (whole < min)
        {
            Refuse(key, "NUMBER_TYPE_MIN", $"int value should be greater than or equal to {min}.");
        }
        else if (whole > max)
        {
            Refuse(key, "NUMBER_TYPE_MAX", $"int value should be less than or equal to {max}.");
        }

        return whole;
    }

    public long? Choice(string key, IReadOnlyCollection<long> choices, bool required = false)
    {
        if (!Given(key, required))
        {
            return null;
        }

        if (Body.Whole(key) is { } whole && choices.Contains(whole))
        {
            return whole;
        }

        var listed = choices.Count == 1 ? $"equal to {choices.First()}" : $"one of ({string.Join(", ", choices)})";
        Refuse(key, "BASE_TYPE_CHOICES", $"Value must be {listed}.");
        return null;
    }

    public bool? Truth(string key)
    {
        if (!Given(key, required: false))
        {
            return null;
        }

        if (Body.Truth(key) is { } truth)
        {
            return truth;
        }

        Refuse(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        return null;
    }

    public ulong? Id(string key, bool required = false)
    {
        if (!Given(key, required))
        {
            return null;
        }

        if (Body.Id(key) is { } id)
        {
            return id;
        }

        Refuse(key, "NUMBER_TYPE_COERCE", $"Value \"{Cut(key)}\" is not snowflake.");
        return null;
    }

    /// <summary>http, https and attachment links.</summary>
    public string? Link(string key, int max = 2048, bool attachments = false, bool required = false)
    {
        var link = Text(key, max, required: required);
        if (
            link is not null
            && !(attachments && link.StartsWith("attachment://", StringComparison.Ordinal))
            && !(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "discord")
        )
        {
            var code = link.Contains(':') ? "URL_TYPE_INVALID_SCHEME" : "URL_TYPE_INVALID_URL";
            Refuse(
                key,
                code,
                code == "URL_TYPE_INVALID_URL" ? "Not a well formed URL." : $"Scheme \"{link.Split(':')[0]}\" is not supported."
            );
        }

        return link;
    }

    /// <summary>A nested object, or null.</summary>
    public Form? Map(string key, bool required = false)
    {
        if (!Given(key, required))
        {
            return null;
        }

        if (Body.Map(key) is { } map)
        {
            return new Form(Errors, map, Below(key));
        }

        Refuse(key, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
        return null;
    }

    /// <summary>The objects of a list whose length is checked.</summary>
    public IReadOnlyList<Form> Maps(string key, int max, int min = 0, bool required = false)
    {
        if (List(key, max, min, required) is not { } list)
        {
            return [];
        }

        var forms = new List<Form>();
        foreach (var (index, item) in list.Index())
        {
            if (item is JsonObject map)
            {
                forms.Add(new Form(Errors, map, $"{Below(key)}.{index}"));
            }
            else
            {
                Errors.Add($"{Below(key)}.{index}", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
            }
        }

        return forms;
    }

    public JsonArray? List(string key, int max, int min = 0, bool required = false)
    {
        if (!Given(key, required))
        {
            return null;
        }

        if (Body.List(key) is not { } list)
        {
            Refuse(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return null;
        }

        if (list.Count > max || list.Count < min)
        {
            var range = min == 0 ? $"Must be {max} or fewer in length." : $"Must be between {min} and {max} in length.";
            Refuse(key, min == 0 ? "BASE_TYPE_MAX_LENGTH" : "BASE_TYPE_BAD_LENGTH", range);
        }

        return list;
    }

    private bool Given(string key, bool required)
    {
        if (Body[key] is { } node && node.GetValueKind() != JsonValueKind.Null)
        {
            return true;
        }

        if (required)
        {
            Required(key);
        }

        return false;
    }

    private string Below(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private string Cut(string key) => Body[key]!.Print() is { Length: > 40 } text ? text[..40] : Body[key]!.Print();
}
