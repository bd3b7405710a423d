namespace ScyllaBot.Core.Chat;

/// <summary>Lengths of time as people say them, in chat and on the command line.</summary>
public static class Lengths
{
    /// <summary>Two units at most: <c>4 min 10 s</c>. A negative length is none.</summary>
    public static string Of(TimeSpan span)
    {
        var s = (long)Math.Max(0, span.TotalSeconds);
        return s switch
        {
            < 60 => $"{s} s",
            < 3600 => Pair(s / 60, "min", s % 60, "s"),
            < 86400 => Pair(s / 3600, "h", s % 3600 / 60, "min"),
            _ => Pair(s / 86400, "d", s % 86400 / 3600, "h"),
        };
    }

    private static string Pair(long big, string bigUnit, long small, string smallUnit) =>
        small == 0 ? $"{big} {bigUnit}" : $"{big} {bigUnit} {small} {smallUnit}";
}
