using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Clients;

/// <summary>One option as a workflow writes it, <c>name=value</c>; the value is YAML on one line.</summary>
internal sealed record ConfigSetting(string Name, string Text, YamlValue Value)
{
    public const string Pattern = @"[a-z][a-z0-9_]{0,99}=[^\x00-\x1f\x7f]{1,2000}";

    /// <exception cref="UnrecoverableException">The value is no YAML.</exception>
    public static ConfigSetting Parse(string setting)
    {
        var parts = setting.Split('=', 2);
        var read = ScyllaYaml.Parse($"{parts[0]}: {parts[1]}", "the setting " + parts[0]);
        return read.Pairs is [{ Value: var value }] ? new ConfigSetting(parts[0], parts[1], value)
            : throw new UnrecoverableException($"the setting {parts[0]} is no single value");
    }

    public static ImmutableArray<ConfigSetting> ParseAll(IEnumerable<string> settings) => [.. settings.Select(Parse)];
}

/// <summary>The file <c>scylla.yaml</c>: keys are changed in its text, so that comments and order stay, and the result is read back to be sure.</summary>
internal static partial class ScyllaYaml
{
    public const string Path = "/etc/scylla/scylla.yaml";

    /// <exception cref="UnrecoverableException">No YAML, with all complaints.</exception>
    public static YamlMapping Parse(string text, string what)
    {
        if (text.Split('\n').All(line => line.Trim() is "" or ['#', ..]))
        {
            return new YamlMapping(YamlMark.Start, null, []);
        }

        var errors = new FileErrors(what);
        var read = YamlReader.Read(text, errors);
        if (read is null || errors.Count > 0)
        {
            throw new UnrecoverableException($"{what} is no YAML that can be worked with: {string.Join("; ", errors.InOrder().Take(5))}");
        }

        return read.Pairs.GroupBy(p => p.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice
            ? throw new UnrecoverableException($"{what} says {twice.Key} twice")
            : read;
    }

    /// <summary>The text with the keys set; a key that is not there comes at the end.</summary>
    /// <exception cref="UnrecoverableException">The text or the result is not what it should be; nothing was written.</exception>
    public static string Merge(string text, ImmutableArray<ConfigSetting> settings)
    {
        var before = Parse(text, Path);
        var lines = text.TrimEnd('\n').Split('\n').ToList();
        foreach (var setting in settings)
        {
            Set(lines, setting);
        }

        var merged = string.Join('\n', lines) + "\n";
        var after = Parse(merged, $"{Path} with the new values");
        var wanted = before.Pairs.Select(p => p.Key).Union(settings.Select(s => s.Name), StringComparer.Ordinal).ToArray();
        var wrong = wanted.FirstOrDefault(key => !Same(after.Find(key), settings.LastOrDefault(s => s.Name == key)?.Value ?? before.Find(key)));
        return wrong is null && after.Pairs.Length == wanted.Length
            ? merged
            : throw new UnrecoverableException($"{Path} is written in a way that {wrong ?? "it"} can not be changed by itself; give the whole text");
    }

    /// <summary>Every key in it, also those in comments as stock files have them: what a misspelt one may have meant.</summary>
    public static IEnumerable<string> KnownKeys(string text) => Key().Matches(text).Select(m => m.Groups["key"].Value).Distinct(StringComparer.Ordinal);

    /// <returns>Whether a running node's answer is that value; null when they can not be compared.</returns>
    public static bool? Equal(YamlValue yaml, JsonElement json) => (yaml, json.ValueKind) switch
    {
        (YamlScalar scalar, JsonValueKind.Number) => double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) && number == json.GetDouble(),
        (YamlScalar scalar, JsonValueKind.True or JsonValueKind.False) => Flag(scalar.Text) == (json.ValueKind == JsonValueKind.True),
        (YamlScalar scalar, JsonValueKind.String) => scalar.Text == json.GetString() || (Flag(scalar.Text) is { } flag && flag == Flag(json.GetString()!)),
        (YamlSequence list, JsonValueKind.Array) => list.Items.Length == json.GetArrayLength()
            && list.Items.Zip(json.EnumerateArray()).All(pair => Equal(pair.First, pair.Second) == true),
        _ => null,
    };

    /// <summary>The plain values of these keys, and the items of those that are lists.</summary>
    public static IEnumerable<string> TextsOf(YamlMapping yaml, params IEnumerable<string> keys) => keys.Select(yaml.Find).SelectMany(value => value switch
    {
        YamlScalar { IsEmpty: false } scalar => [scalar.Text],
        YamlSequence list => list.Items.OfType<YamlScalar>().Select(item => item.Text),
        _ => (IEnumerable<string>)[],
    });

    private static void Set(List<string> lines, ConfigSetting setting)
    {
        var line = $"{setting.Name}: {setting.Text}";
        var at = lines.FindIndex(l => l.StartsWith(setting.Name, StringComparison.Ordinal) && l[setting.Name.Length..].TrimStart().StartsWith(':'));
        if (at < 0)
        {
            lines.Add(line);
            return;
        }

        // What is indented or a list item below the key is its old value.
        var end = at + 1;
        for (var i = end; i < lines.Count && (lines[i].Length == 0 || lines[i][0] is ' ' or '#' || lines[i].StartsWith("- ", StringComparison.Ordinal)); i++)
        {
            end = lines[i].Length > 0 && lines[i][0] != '#' && lines[i].Trim().Length > 0 ? i + 1 : end;
        }

        lines.RemoveRange(at, end - at);
        lines.Insert(at, line);
    }

    private static bool Same(YamlValue? a, YamlValue? b) => (a, b) switch
    {
        (YamlScalar x, YamlScalar y) => x.Text == y.Text,
        (YamlSequence x, YamlSequence y) => x.Items.Length == y.Items.Length && x.Items.Zip(y.Items).All(p => Same(p.First, p.Second)),
        (YamlMapping x, YamlMapping y) => x.Pairs.Length == y.Pairs.Length && x.Pairs.All(p => Same(p.Value, y.Find(p.Key))),
        _ => false,
    };

    private static bool? Flag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => null,
    };

    [GeneratedRegex(@"^#?\s?(?<key>[a-z][a-z0-9_]*):", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
