using System.Globalization;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>Where the kills landed, for the record of a run.</summary>
internal static class Histogram
{
    private static readonly int[] Edges = [5, 10, 20, 30, 40, 50, 75, 100];

    public static string Of(IReadOnlyCollection<Landing> landed)
    {
        var pings = landed.Where(l => l.AfterPing is not null).Select(l => l.AfterPing!.Value.TotalMilliseconds).ToArray();
        var lines = Enum.GetValues<KillMoment>().Select(moment => Line(moment, landed));
        var from = 0;
        var bins = new List<string>();
        foreach (var edge in Edges.Append(int.MaxValue))
        {
            var count = pings.Count(p => p >= from && p < edge);
            bins.Add($"  {from,3}–{(edge == int.MaxValue ? "…" : edge.ToString(CultureInfo.InvariantCulture)),-3} ms after the ping's POST {Bar(count)}");
            from = edge;
        }

        return string.Join('\n', lines.Concat(bins));
    }

    private static string Line(KillMoment moment, IReadOnlyCollection<Landing> all)
    {
        var landed = all.Where(l => l.Moment == moment).ToArray();
        var late = all.Count(l => l.Aim == moment && l.Moment != moment);
        return $"{moment,-5} {Bar(landed.Length)} landed, {late} aimed at it came too late and count as Any; "
            + $"{landed.Count(l => !l.Held.IsEmpty)} with a node down, {landed.Count(l => l.IsAnswerLost)} with the answer lost";
    }

    private static string Bar(int count) => $"{new string('█', count)} {count}";
}
