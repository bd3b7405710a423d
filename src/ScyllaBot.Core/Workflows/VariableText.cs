using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>A value that somebody typed for a variable, checked against its type.</summary>
public static class VariableText
{
    private const int MaxLength = 2000;

    /// <summary>The value as templates will use it: durations become seconds, lists lose their spaces.</summary>
    /// <param name="cluster">Whose nodes a node variable may name; null: any name will do.</param>
    /// <returns>Either the text, or what is wrong and what was probably meant.</returns>
    public static (string? Text, string? WhyNot, string? Suggestion) Read(VariableType type, string given, Cluster? cluster)
    {
        if (given.Length > MaxLength)
        {
            return (null, $"is longer than {MaxLength} characters", null);
        }

        if (given.Any(char.IsControl))
        {
            return (null, "holds a line break or another control character", null);
        }

        var text = given.Trim();
        return type switch
        {
            VariableType.Integer => Or(YamlScalars.Read(typeof(int), text) is null ? null : text, "is not a whole number"),
            VariableType.Number => Or(YamlScalars.Read(typeof(double), text) is null ? null : text, "is not a number"),
            VariableType.Boolean => Or(
                text is "true" or "false" ? text : null, "is neither true nor false", Nearest.To(text, ["true", "false"])),
            VariableType.Duration => Or(Seconds(text), "is no duration such as 90, 90s, 15m, 24h or 2d"),
            VariableType.List => (string.Join(", ", Templates.ItemsOf(text)), null, null),
            VariableType.Node when cluster is not null => Or(
                cluster.Find(text)?.Name, $"is not a node of {cluster.Name}", Nearest.To(text, cluster.Nodes.Select(n => n.Name))),
            VariableType.Node => Or(text.Length == 0 ? null : text, "is no node's name"),
            _ => (given, null, null),
        };
    }

    private static (string? Text, string? WhyNot, string? Suggestion) Or(string? text, string whyNot, string? suggestion = null) =>
        text is null ? (null, whyNot, suggestion) : (text, null, null);

    /// <summary>Seconds, or a number with its unit.</summary>
    private static string? Seconds(string text)
    {
        var unit = text is [.., var last] ? last switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 } : 0;
        var number = YamlScalars.Read(typeof(double), unit == 0 ? text : text[..^1]) as double?;
        return number is >= 0 && YamlScalars.Read(typeof(TimeSpan), Text(number.Value * Math.Max(1, unit))) is TimeSpan duration
            ? Text(duration.TotalSeconds)
            : null;
    }

    private static string Text(double seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
