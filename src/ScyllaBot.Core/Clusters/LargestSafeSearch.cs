namespace ScyllaBot.Core.Clusters;

/// <summary>Nodes that may be down together.</summary>
/// <param name="IsLargest">No other choice of the candidates is larger: proved. False: none can be added to it, but a larger choice may exist.</param>
public sealed record SafeSet(ImmutableArray<string> Nodes, bool IsLargest);

/// <summary>
/// The largest safe set. Safe sets are closed downwards, so a candidate that may not go alone never goes, and one that no conflict contains
/// always does; what remains is searched whole, with pruning, as long as <see cref="Effort"/> lasts. A zone whose racks hold one replica each
/// needs no search. The problem is NP-hard in general: beyond the effort the answer is maximal, and says so.
/// </summary>
internal sealed class LargestSafeSearch
{
    /// <summary>Changes of a demand's count before the search settles for what it has: some 50 ms.</summary>
    private const int Effort = 4_000_000;

    private readonly ImmutableArray<(string Name, int[] Demands)> _order;
    private readonly int[] _room;
    private readonly List<int> _chosen = [];
    private int[] _best = [];
    private int _effort;

    private LargestSafeSearch(ImmutableArray<(string Name, int[] Demands)> order, int[] room) => (_order, _room) = (order, room);

    public static SafeSet Find(Availability of, IEnumerable<string> candidates, ImmutableSortedSet<string> alreadyDown)
    {
        var trial = of.Try(alreadyDown);
        var possible = candidates.Distinct(StringComparer.Ordinal).Where(c => !alreadyDown.Contains(c) && trial.Refusal is null && trial.WhyNotAnother(c) is null)
            .Order(Jobs.NaturalOrder.Instance).ToImmutableArray();
        if (of.IsDegraded || possible.Length < 2)
        {
            // One node at a time (R25), so one of them is as many as there can be.
            return new SafeSet([.. possible.Take(1)], IsLargest: true);
        }

        if (of.Judge(alreadyDown.Union(possible)) is null)
        {
            return new SafeSet(possible, IsLargest: true);
        }

        foreach (var node in possible)
        {
            trial.Add(node);
        }

        // Only demands that all candidates together would break can stop any choice of them.
        var conflicts = Enumerable.Range(0, of.Table.Count).Where(d => trial.SpareOf(d) < 0).ToArray();
        foreach (var node in possible)
        {
            trial.Remove(node);
        }

        var place = conflicts.Select((d, i) => (d, i)).ToDictionary(x => x.d, x => x.i);
        var nodes = possible.Select(n => (Name: n, Demands: DemandsIn(of, n, place))).ToImmutableArray();
        var free = nodes.Where(n => n.Demands.Length == 0).Select(n => n.Name);
        var search = new LargestSafeSearch(
            [.. nodes.Where(n => n.Demands.Length > 0).OrderBy(n => n.Demands.Length)], [.. conflicts.Select(trial.SpareOf)]);
        var isWhole = search.Search(0);
        search.Complete();
        var found = search._best.Select(i => search._order[i].Name);
        return new SafeSet([.. free.Concat(found).Order(Jobs.NaturalOrder.Instance)], isWhole);
    }

    /// <summary>An unfinished search may have left out what still fits.</summary>
    private void Complete()
    {
        foreach (var at in _best)
        {
            Change(_order[at].Demands, -1);
        }

        foreach (var at in Enumerable.Range(0, _order.Length).Except(_best).ToArray())
        {
            if (Array.TrueForAll(_order[at].Demands, d => _room[d] > 0))
            {
                Change(_order[at].Demands, -1);
                _best = [.. _best, at];
            }
        }
    }

    private static int[] DemandsIn(Availability of, string node, Dictionary<int, int> place)
    {
        var found = new List<int>();
        foreach (var demand in of.Table.DemandsOf(of.Numbers[node]))
        {
            if (place.TryGetValue(demand, out var at))
            {
                found.Add(at);
            }
        }

        return [.. found];
    }

    /// <summary>With, then without: the first leaf reached is the greedy choice, so the best known is never smaller than that.</summary>
    /// <returns>False when the effort was spent before everything was seen.</returns>
    private bool Search(int at)
    {
        if (_chosen.Count + _order.Length - at <= _best.Length)
        {
            return true;
        }

        if (at == _order.Length)
        {
            _best = [.. _chosen];
            return true;
        }

        var demands = _order[at].Demands;
        _effort += demands.Length;
        if (Array.TrueForAll(demands, d => _room[d] > 0))
        {
            Change(demands, -1);
            _chosen.Add(at);
            var isWhole = Search(at + 1);
            _chosen.RemoveAt(_chosen.Count - 1);
            Change(demands, 1);
            if (!isWhole)
            {
                return false;
            }
        }

        return (_effort <= Effort || _best.Length == 0) && Search(at + 1);
    }

    private void Change(int[] demands, int by)
    {
        _effort += demands.Length;
        foreach (var demand in demands)
        {
            _room[demand] += by;
        }
    }
}
