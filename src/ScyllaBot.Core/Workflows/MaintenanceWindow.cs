using System.Globalization;

namespace ScyllaBot.Core.Workflows;

/// <summary>A day of the week as a workflow spells it.</summary>
public enum Weekday
{
    Sun,
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
}

/// <summary>
/// When nodes may be taken down: on some days from one time to another, past midnight where the second is not later than the first. Where clocks
/// are set back, a time that comes twice means its first coming; where they are set forward, one that never comes means the moment of the change.
/// </summary>
public sealed record MaintenanceWindow
{
    // A week and a day each way hold the occurrence of every day that can matter.
    private const int Reach = 8;

    /// <value>Default every day.</value>
    [Description("Days on which it opens")]
    public IReadOnlyList<Weekday> Days { get; init; } = [];

    [Description("When it opens, as hh:mm"), RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]")]
    public required string From { get; init; }

    [Description("When it closes, as hh:mm; the next day where that is not later"), RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]|24:00")]
    public required string To { get; init; }

    /// <value>Default UTC.</value>
    [Description("Whose clocks, such as Europe/Berlin"), RegularExpression("[A-Za-z][A-Za-z0-9_+/-]{0,63}")]
    public string TimeZone { get; init; } = "UTC";

    /// <returns>When it closes; null when it is not open.</returns>
    public DateTimeOffset? ClosesAfter(DateTimeOffset now) => Occurrences(now)
        .Where(o => o.Opens <= now && now < o.Closes).Select(o => (DateTimeOffset?)o.Closes).Max();

    /// <returns>When it opens next, later than <paramref name="now"/>; null: never.</returns>
    public DateTimeOffset? OpensAfter(DateTimeOffset now) => Occurrences(now)
        .Where(o => o.Opens > now && o.Opens < o.Closes).Select(o => (DateTimeOffset?)o.Opens).Min();

    private IEnumerable<(DateTimeOffset Opens, DateTimeOffset Closes)> Occurrences(DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var (from, to) = (MinutesOf(From), MinutesOf(To));
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        for (var i = -Reach; i <= Reach; i++)
        {
            var day = today.AddDays(i);
            if (Days.Count == 0 || Days.Contains((Weekday)(int)day.DayOfWeek))
            {
                yield return (At(day, from, zone), At(to > from ? day : day.AddDays(1), to, zone));
            }
        }
    }

    private static int MinutesOf(string time) =>
        (int.Parse(time.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(time.AsSpan(3), CultureInfo.InvariantCulture);

    /// <summary>The moment at which clocks there show it.</summary>
    private static DateTimeOffset At(DateTime day, int minutes, TimeZoneInfo zone)
    {
        var shown = DateTime.SpecifyKind(day.AddMinutes(minutes), DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(shown))
        {
            var before = shown;
            while (zone.IsInvalidTime(before))
            {
                before = before.AddMinutes(-1);
            }

            // The minute after the last one that clocks showed before they were set forward.
            return new DateTimeOffset(before, zone.GetUtcOffset(before)).AddMinutes(1).ToUniversalTime();
        }

        var offset = zone.IsAmbiguousTime(shown) ? zone.GetAmbiguousTimeOffsets(shown).Max() : zone.GetUtcOffset(shown);
        return new DateTimeOffset(shown, offset).ToUniversalTime();
    }

    /// <returns>What is wrong with it and what was probably meant; null when nothing is.</returns>
    internal (string Key, string Why, string? Suggestion)? WhyNot()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            return ("time_zone", $"there is no time zone {TimeZone}", Tasks.Nearest.To(TimeZone, TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id)));
        }

        return From == To ? ("to", $"a window from {From} to {To} says nothing: for the whole day write from \"00:00\" to \"24:00\"", null) : null;
    }
}

/// <summary>All of a workflow's windows together.</summary>
internal static class MaintenanceWindows
{
    /// <returns>Null: open now, or there are no windows. Otherwise when the next one opens, as an operator reads it, and how long that is.</returns>
    public static (string Why, TimeSpan? Until)? WhyNot(IReadOnlyList<MaintenanceWindow> windows, DateTimeOffset now)
    {
        if (windows.Count == 0 || windows.Any(w => w.ClosesAfter(now) is not null))
        {
            return null;
        }

        return windows.Select(w => w.OpensAfter(now)).Where(o => o is not null).Min() is { } opens
            ? (string.Create(CultureInfo.InvariantCulture, $"outside the window, opens in {Words(opens - now)} ({opens:ddd HH:mm} UTC)"), opens - now)
            : ("outside the window, and it never opens", null);
    }

    private static string Words(TimeSpan span)
    {
        var minutes = (long)Math.Ceiling(span.TotalMinutes);
        var (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        string[] parts = [days > 0 ? $"{days} d" : "", hours > 0 ? $"{hours} h" : "", rest > 0 ? $"{rest} min" : ""];
        return string.Join(' ', parts.Where(p => p.Length > 0)) is { Length: > 0 } words ? words : "less than a minute";
    }
}
