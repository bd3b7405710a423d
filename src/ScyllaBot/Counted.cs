using System.Globalization;

namespace ScyllaBot;

/// <summary>"1 cluster", "2 clusters".</summary>
internal static class Counted
{
    public static string Of(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
