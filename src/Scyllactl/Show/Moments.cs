namespace Scyllactl.Show;

/// <summary>Moments as they stand in lists and pictures.</summary>
internal static class Moments
{
    /// <summary>To the second, UTC.</summary>
    public static string Of(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
