using System.Globalization;
using System.Text;

namespace ScyllaBot.Core.Control;

/// <summary>A report for people: by subject, what is to be done below what was seen; equal findings of many nodes on one line.</summary>
public static class DoctorText
{
    private const int MostNames = 6;

    public static string Of(DoctorReport report)
    {
        var text = new StringBuilder();
        foreach (var subject in report.Findings.GroupBy(SubjectOf, StringComparer.Ordinal))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(subject.Key).Append('\n');
            foreach (var same in subject.GroupBy(f => (f.Check, f.Level, f.Seen, f.Remedy)))
            {
                Write(text, same.First(), [.. same.Select(f => f.Node).OfType<string>()]);
            }
        }

        return text.Append(text.Length > 0 ? "\n" : "").Append(Summary(report)).Append('\n').ToString();
    }

    /// <summary>The last line.</summary>
    public static string Summary(DoctorReport report)
    {
        var parts = new[] { (DoctorLevel.Broken, "broken"), (DoctorLevel.Warning, "to know"), (DoctorLevel.Skipped, "not looked at"), (DoctorLevel.Ok, "well") };
        return string.Join(", ", parts.Select(p => (Count: report.Count(p.Item1), Word: p.Item2)).Where(p => p.Count > 0 || p.Word is "broken")
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count} {p.Word}")));
    }

    private static void Write(StringBuilder text, DoctorFinding finding, string[] nodes)
    {
        var sign = finding.Level switch { DoctorLevel.Ok => "✓", DoctorLevel.Warning => "!", DoctorLevel.Skipped => "-", _ => "✗" };
        var who = nodes.Length switch
        {
            0 => "",
            _ when finding.Level == DoctorLevel.Ok => nodes.Length == 1 ? $"{nodes[0]}: " : $"{nodes.Length} nodes: ",
            <= MostNames => $"{string.Join(", ", nodes)}: ",
            _ => $"{string.Join(", ", nodes.Take(MostNames))} and {nodes.Length - MostNames} more: ",
        };
        text.Append(CultureInfo.InvariantCulture, $"  {sign} {finding.Check,-16} {who}{finding.Seen}\n");
        if (finding.Remedy is { } remedy && finding.Level != DoctorLevel.Skipped)
        {
            text.Append(CultureInfo.InvariantCulture, $"      → {remedy}\n");
        }
    }

    private static string SubjectOf(DoctorFinding finding) => finding switch
    {
        { Cluster: { } cluster } => $"cluster {cluster}",
        _ when finding.Check.StartsWith("discord", StringComparison.Ordinal) => "Discord",
        _ => "the bot",
    };
}
