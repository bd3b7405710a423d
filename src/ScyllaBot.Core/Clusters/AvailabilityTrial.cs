namespace ScyllaBot.Core.Clusters;

/// <summary>Which node to take next.</summary>
/// <param name="Edge">Ranges that could then spare nobody else.</param>
public sealed record NextNode(string Node, string Reason, int Edge);

/// <summary>
/// One line of thought over an <see cref="Availability"/>: who would be down is changed node by node, each at the cost of the replica sets
/// that contain it, and the question "who else may go?" costs nothing then. Not for several threads; the availability itself is never changed.
/// </summary>
public sealed class AvailabilityTrial
{
    private readonly Availability _of;
    private readonly DemandTable _table;
    private readonly SortedSet<string> _down = new(StringComparer.Ordinal);
    private readonly int[] _spare;
    private readonly int[] _edge;
    private readonly int[] _near;
    private readonly SortedSet<string> _strangers = new(StringComparer.Ordinal);
    private int _broken;

    internal AvailabilityTrial(Availability of, ImmutableSortedSet<string> down)
    {
        (_of, _table) = (of, of.Table);
        (_spare, _edge, _near) = ((int[])_table.Spare.Clone(), (int[])_table.Edge.Clone(), (int[])_table.Near.Clone());
        _broken = _table.Broken;
        foreach (var node in down)
        {
            Add(node);
        }
    }

    public IReadOnlyCollection<string> Down => _down;

    /// <summary>The first thing that would be lost; null = all of these may be down together.</summary>
    public SafetyRefusal? Refusal => WhyNoProof(null) is { } why ? new NoProof(why) : _broken == 0 ? null : LossOf(FirstBroken(), null);

    /// <summary>It goes down. Twice is once.</summary>
    public void Add(string node)
    {
        if (!_down.Add(node))
        {
            return;
        }

        if (!_of.Numbers.TryGetValue(node, out var number))
        {
            _strangers.Add(node);
            return;
        }

        foreach (var demand in _table.DemandsOf(number))
        {
            Take(demand);
        }
    }

    /// <summary>It is up again. Twice is once.</summary>
    public void Remove(string node)
    {
        _strangers.Remove(node);
        if (_down.Remove(node) && _of.Numbers.TryGetValue(node, out var number))
        {
            foreach (var demand in _table.DemandsOf(number))
            {
                Give(demand);
            }
        }
    }

    /// <summary>Why this one may not go down too; null = it may, or already is down and everything holds.</summary>
    public SafetyRefusal? WhyNotAnother(string node)
    {
        if (_down.Contains(node))
        {
            return Refusal;
        }

        if (WhyNoProof(node) is { } why)
        {
            return new NoProof(why);
        }

        if (_broken > 0)
        {
            return LossOf(FirstBroken(), node);
        }

        var number = _of.Numbers[node];
        if (_edge[number] == 0 && !IsLastVoter(number))
        {
            return null;
        }

        foreach (var demand in _table.DemandsOf(number))
        {
            if (_spare[demand] == 0)
            {
                return LossOf(demand, node);
            }
        }

        return null;
    }

    /// <summary>
    /// Of those that may go, the one that leaves the fewest ranges with nobody else to spare; then one whose zone is at work already; then in
    /// the order of their names. Null when none may go.
    /// </summary>
    public NextNode? NextBest(IEnumerable<string> candidates)
    {
        var zones = _down.Where(_of.Numbers.ContainsKey).Select(n => ZoneOf(n)).ToHashSet();
        var ranked = candidates.Where(c => !_down.Contains(c) && WhyNotAnother(c) is null)
            .Select(c => (Name: c, Edge: _near[_of.Numbers[c]], IsHome: zones.Contains(ZoneOf(c))))
            .OrderBy(c => c.Edge).ThenBy(c => c.IsHome ? 0 : 1).ThenBy(c => c.Name, Jobs.NaturalOrder.Instance).ToArray();
        if (ranked.Length == 0)
        {
            return null;
        }

        var best = ranked[0];
        var second = ranked.Length == 1 ? "it is the only one that may go now"
            : ranked[1].Edge > best.Edge ? $"the next best, {ranked[1].Name}, leaves {ranked[1].Edge}"
            : best.IsHome && !ranked[1].IsHome ? $"{ranked[1].Name} leaves as many, but its zone is whole" : $"{ranked[1].Name} leaves as many, and comes later";
        return new NextNode(best.Name, $"{best.Name} leaves {best.Edge} ranges with no further replica to spare; {second}", best.Edge);
    }

    /// <summary>How much of a demand may still go.</summary>
    internal int SpareOf(int demand) => _spare[demand];

    private string? WhyNoProof(string? another)
    {
        var stranger = _strangers.Count > 0 ? _strangers.Min : another is not null && !_of.Numbers.ContainsKey(another) ? another : null;
        return _of.Limits.Always
            ?? (stranger is null ? null : _of.Limits.Stranger(stranger))
            ?? (_of.IsDegraded ? _of.Limits.WhyDegradedNot(another is null ? _down : [.. _down, another]) : null);
    }

    private Zone ZoneOf(string node) => _of.Cluster.Nodes[_of.Numbers[node]].Zone;

    // Raft's row stands for no range, so it has no weight in the counters.
    private bool IsLastVoter(int number) =>
        _table.Raft != DemandTable.NoRaft && _spare[_table.Raft] == 0 && _table.Members(_table.Raft).Contains(number);

    private int FirstBroken() => _spare.AsSpan().IndexOfAnyInRange(int.MinValue, -1);

    private SafetyRefusal LossOf(int demand, string? another) =>
        _of.LossOf(demand, n => _down.Contains(n.Name) || string.Equals(n.Name, another, StringComparison.Ordinal));

    private void Take(int demand)
    {
        switch (--_spare[demand])
        {
            case 1:
                Count(_near, demand, 1);
                break;
            case 0:
                Count(_near, demand, -1);
                Count(_edge, demand, 1);
                break;
            case -1:
                Count(_edge, demand, -1);
                _broken++;
                break;
        }
    }

    private void Give(int demand)
    {
        switch (++_spare[demand])
        {
            case 2:
                Count(_near, demand, -1);
                break;
            case 1:
                Count(_edge, demand, -1);
                Count(_near, demand, 1);
                break;
            case 0:
                _broken--;
                Count(_edge, demand, 1);
                break;
        }
    }

    private void Count(int[] counters, int demand, int sign)
    {
        var ranges = sign * _table.Ranges[demand];
        foreach (var member in _table.Members(demand))
        {
            counters[member] += ranges;
        }
    }
}
