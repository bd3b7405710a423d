namespace ScyllaBot.Core.Clusters;

/// <summary>Something in everyone's view that is not as it should be (R6).</summary>
/// <param name="Node">Whom it is about; null: nobody of the inventory.</param>
/// <param name="Why">A sentence.</param>
public sealed record ViewTrouble(string? Node, string Why)
{
    /// <summary>Title of the workflow's own guard that is false; null: the view itself is not in order.</summary>
    public string? Guard { get; init; }
}

/// <summary>Reads everyone's view and names who stands out of it, so that flapping can be counted by node. Pure.</summary>
internal static class ViewTroubles
{
    /// <param name="snapshot">The view.</param>
    /// <param name="excepted">Nodes nobody asks about: held ones and those this job is at work on (R2).</param>
    /// <returns>One for each node that does not serve, is not seen up or does not see the others; the worst first.</returns>
    public static ImmutableArray<ViewTrouble> Of(ClusterSnapshot snapshot, ImmutableSortedSet<string> excepted)
    {
        var found = ImmutableArray.CreateBuilder<ViewTrouble>();
        var watched = snapshot.Members.Where(v => !excepted.Contains(v.Node.Name)).ToList();
        foreach (var view in watched.Where(v => !v.Serves).ToArray())
        {
            found.Add(new ViewTrouble(view.Node.Name, WhyNotServing(view)));
            watched.Remove(view);
        }

        AddUnseen(watched, found);
        AddStrangers(watched, found);
        return found.ToImmutable();
    }

    /// <summary>Addresses that join or leave by anybody's word, in order.</summary>
    public static ImmutableSortedSet<string> Moving(ClusterSnapshot snapshot) => snapshot.Members
        .SelectMany(v => (v.Joining ?? []).Concat(v.Leaving ?? [])).ToImmutableSortedSet(StringComparer.Ordinal);

    private static string WhyNotServing(NodeView view) =>
        $"{view.Node.Name} is {view.ModeOrWhy}{(view.Mode == "NORMAL" ? " but CQL is closed" : "")}";

    /// <summary>Of two that do not see each other the one with more such pairs is the one that stands out: a cut cable shows in every row.</summary>
    private static void AddUnseen(List<NodeView> watched, ImmutableArray<ViewTrouble>.Builder found)
    {
        var seen = watched.ToDictionary(v => v.Node.Name, v => (v.Live ?? []).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var down = watched.ToDictionary(v => v.Node.Name, v => (v.Down ?? []).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var pairs = watched
            .SelectMany(v => watched.Where(o => !seen[v.Node.Name].Contains(o.Node.Address) || down[v.Node.Name].Contains(o.Node.Address)).Select(o => (By: v, Of: o)))
            .ToList();
        while (pairs.Count > 0)
        {
            var worst = watched.MaxBy(v => (pairs.Count(p => p.By == v || p.Of == v), pairs.Count(p => p.Of == v)))!;
            var by = pairs.Where(p => p.Of == worst && p.By != worst).Select(p => p.By.Node.Name).ToArray();
            var of = pairs.Where(p => p.By == worst).Select(p => p.Of.Node.Name).ToArray();
            found.Add(new ViewTrouble(worst.Node.Name, by.Length >= of.Length
                ? $"{Some(by)} {(by.Length == 1 ? "does" : "do")} not see {worst.Node.Name} up"
                : $"{worst.Node.Name} does not see {Some(of)} up"));
            pairs.RemoveAll(p => p.By == worst || p.Of == worst);
            watched.Remove(worst);
        }
    }

    private static void AddStrangers(List<NodeView> watched, ImmutableArray<ViewTrouble>.Builder found)
    {
        foreach (var node in watched.Select(v => v.Node).ToArray())
        {
            var witness = watched.FirstOrDefault(v => v.HostIds is { } ids && (!ids.TryGetValue(node.Address, out var id) || id != node.HostId));
            if (witness is not null)
            {
                found.Add(new ViewTrouble(node.Name, $"{witness.Node.Name} knows {node.Address} by another host id than the inventory"));
            }
        }
    }

    private static string Some(string[] names) => names.Length <= 3
        ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Length - 3} more";
}
