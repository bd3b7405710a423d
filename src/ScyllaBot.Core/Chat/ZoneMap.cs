using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>One line per zone in the order they are taken, one symbol per node.</summary>
internal static class ZoneMap
{
    private const string HeldWord = "down by us";

    private static readonly ImmutableArray<(NodeProgressState State, string Symbol, string Word)> Legend =
    [
        (NodeProgressState.Done, "✅", "done"),
        (NodeProgressState.Held, "🟠", HeldWord),
        (NodeProgressState.Working, "🔧", "at work"),
        (NodeProgressState.Failed, "❌", "failed"),
        (NodeProgressState.Skipped, "⏭", "skipped"),
        (NodeProgressState.Waiting, "▫", "to do"),
    ];

    public static string Render(LiveJob live, int max)
    {
        if (live.Nodes.IsEmpty)
        {
            return "";
        }

        var order = live.Plan is { } plan ? plan.Waves.Select(w => w.Zone).Distinct().ToList() : [];
        var zones = live.Nodes.GroupBy(n => n.Zone).OrderBy(g => order.IndexOf(g.Key) is var at && at < 0 ? int.MaxValue : at);
        var counts = Legend.Select(l => (l.Symbol, l.Word, Count: live.Nodes.Count(n => n.State == l.State)));
        var isUp = live.Nodes.Where(n => n.State == NodeProgressState.Held).All(n => live.UpAgain.ContainsKey(n.Node));
        var legend = string.Join("  ", counts.Where(c => c.Count > 0).Select(c => $"{c.Symbol} {c.Count} {(isUp && c.Word == HeldWord ? "held, up again" : c.Word)}"));
        return Wording.Lines(zones.Select(Line), max - legend.Length - 1) + "\n" + legend;
    }

    private static string Line(IGrouping<Clusters.Zone, NodeProgress> zone) =>
        $"{Markup.Code(zone.Key.ToString(), 60)} {string.Concat(zone.Select(n => Legend.First(l => l.State == n.State).Symbol))}";
}
