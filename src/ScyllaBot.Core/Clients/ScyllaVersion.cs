using System.Globalization;
using System.Runtime.InteropServices;

namespace ScyllaBot.Core.Clients;

/// <summary>A Scylla version such as 5.4.9 or 2026.2.5, compared up to the first dash (facts 7.29). What is left out counts as 0.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ScyllaVersion(int Major, int Minor, int Patch = 0) : IComparable<ScyllaVersion>
{
    /// <param name="text">As <c>scylla_release_version</c> tells it; a release candidate's <c>~rc1</c> is left out too.</param>
    /// <returns>Null when it begins with no two numbers.</returns>
    public static ScyllaVersion? Parse(string text)
    {
        var numbers = text.Split('-', '~')[0].Split('.');
        return numbers.Length is 2 or 3 && Number(numbers[0]) is { } major && Number(numbers[1]) is { } minor
            && (numbers.Length == 2 ? 0 : Number(numbers[2])) is { } patch
                ? new ScyllaVersion(major, minor, patch)
                : null;
    }

    /// <summary>By what it can do: Enterprise 2024.1 is built on 5.4, 2024.2 on 6.0, and 2025.1 follows 6.2 (facts 4.6).</summary>
    public int CompareTo(ScyllaVersion other) => Place.CompareTo(other.Place);

    private (int Major, int Minor, int Patch) Place => (Major, Minor) switch
    {
        (>= 2018 and <= 2022, _) => (5, 0, 0),
        (2023, _) => (5, 2, Patch),
        (2024, 1) => (5, 4, Patch),
        (2024, _) => (6, 0, Patch),
        _ => (Major, Minor, Patch),
    };

    public static bool operator <(ScyllaVersion left, ScyllaVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ScyllaVersion left, ScyllaVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ScyllaVersion left, ScyllaVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ScyllaVersion left, ScyllaVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
