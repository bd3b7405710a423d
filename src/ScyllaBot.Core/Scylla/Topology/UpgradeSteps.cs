using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Which release comes next (facts 4.5): an upgrade goes from one feature release to the next one, or between patches of one.</summary>
internal static class UpgradeSteps
{
    /// <summary>Lines of releases in their order; the open source and the enterprise line meet in 2025.1.</summary>
    private static readonly ImmutableArray<ImmutableArray<string>> Lines =
    [
        ["5.0", "5.1", "5.2", "5.4", "6.0", "6.1", "6.2", "2025.1", "2025.2", "2025.3", "2025.4", "2026.1", "2026.2", "2026.3", "2026.4"],
        ["2022.1", "2022.2", "2023.1", "2024.1", "2024.2", "2025.1"],
    ];

    /// <param name="from">What runs.</param>
    /// <param name="to">What is wanted.</param>
    /// <param name="also">Jumps that the release notes list besides, each such as <c>2025.1-2026.1</c>.</param>
    /// <returns>Null when that step is allowed, otherwise why not.</returns>
    public static string? WhyNot(ScyllaVersion from, ScyllaVersion to, IEnumerable<string> also)
    {
        var (a, b) = (Release(from), Release(to));
        if (a == b)
        {
            return null;
        }

        if (also.Contains($"{a}-{b}", StringComparer.Ordinal))
        {
            return null;
        }

        var known = Lines.Where(line => line.Contains(a, StringComparer.Ordinal)).ToArray();
        if (known.Length == 0 || !Lines.Any(line => line.Contains(b, StringComparer.Ordinal)))
        {
            return $"{(known.Length == 0 ? a : b)} is not a release whose neighbours are known here; name the step from the release notes in `also` as {a}-{b}";
        }

        var next = known.Select(line => (Line: line, At: line.IndexOf(a, StringComparer.Ordinal))).Where(x => x.At + 1 < x.Line.Length).Select(x => x.Line[x.At + 1]).ToArray();
        return next.Contains(b, StringComparer.Ordinal) ? null
            : $"{a} is not followed by {b} but by {(next.Length == 0 ? "nothing known here" : string.Join(" or ", next))}: features are switched on release by release";
    }

    private static string Release(ScyllaVersion version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}");
}
