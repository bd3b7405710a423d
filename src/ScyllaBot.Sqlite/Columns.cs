using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>How values stand in columns: times as ISO 8601 text in UTC, which sorts and can be read with any SQLite shell.</summary>
internal static class Columns
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => new(DateTime.ParseExact(
        row.GetString(column), TimeFormat, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
