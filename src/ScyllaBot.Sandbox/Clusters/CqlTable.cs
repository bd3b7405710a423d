using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A system table as SELECT JSON shows it: each cell is JSON text, in the order of the columns.</summary>
internal sealed record CqlTable(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    public const string Null = "null";

    public static string Quote(string? text) => text is null ? Null : $"\"{text}\"";

    public static string Truth(bool value) => value ? "true" : "false";

    public string Json(ImmutableArray<string> row, ImmutableArray<string> wanted) =>
        $"{{{string.Join(", ", wanted.Select(column => $"\"{column}\": {row[Columns.IndexOf(column)]}"))}}}";
}
