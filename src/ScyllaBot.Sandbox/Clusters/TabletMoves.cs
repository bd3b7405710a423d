using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// Tablets on their way: off a node that leaves, onto one that replaces a dead one, and for balance after the ring changed, while balancing
/// is on. At most a few at once. While one moves its new replica is pending (facts/scylla.md 3.1).
/// </summary>
internal sealed class TabletMoves(SimCluster cluster)
{
    private const int Most = 4;

    private readonly List<Move> _running = [];
    private readonly List<Emptying> _emptying = [];
    private readonly List<Action> _whenIdle = [];
    private bool _unbalanced;

    public bool IsMoving => _running.Count > 0;

    /// <summary>The ring changed: where tablets lie is not even any more.</summary>
    public void Unbalance()
    {
        _unbalanced = true;
        Look();
    }

    /// <summary>Takes every replica off a node: to <paramref name="to"/>, or to others of its rack.</summary>
    /// <param name="kind">`migration`, or `rebuild` off a dead node.</param>
    /// <param name="done">Called when nothing is left on it.</param>
    public void Empty(SimNode from, SimNode? to, string kind, Action done)
    {
        _emptying.Add(new Emptying(from.Id.HostId, from.Id.Rack, to, kind, done));
        Look();
    }

    /// <summary>What still lies on the node stays there.</summary>
    public void StopEmptying(SimNode from) => _emptying.RemoveAll(e => e.From == from.Id.HostId);

    /// <summary>Calls back when nothing moves.</summary>
    public void WhenIdle(Action act)
    {
        _whenIdle.Add(act);
        TellIdle();
    }

    public bool LiesOn(SimNode node) => All().Any(place => place.Tablet.Replicas.Any(replica => replica.HostId == node.Id.HostId));

    public int CountOn(SimNode node) => All().Count(place => place.Tablet.Replicas.Any(replica => replica.HostId == node.Id.HostId));

    /// <summary>Begins what may begin.</summary>
    public void Look()
    {
        while (_running.Count < Most && (NextOff() ?? NextForBalance()) is { } move)
        {
            Begin(move);
        }

        foreach (var empty in _emptying.Where(e => !All().Any(place => Holds(place.Tablet, e.From))).ToArray())
        {
            _emptying.Remove(empty);
            empty.Done();
        }

        TellIdle();
    }

    private IEnumerable<Place> All() =>
        from keyspace in cluster.Keyspaces
        from table in keyspace.Tables
        from index in Enumerable.Range(0, table.Tablets.Length)
        select new Place(keyspace.Name, table.Name, index, table.Tablets[index]);

    private static bool Holds(Tablet tablet, Guid host) => tablet.Replicas.Any(replica => replica.HostId == host);

    private Move? NextOff()
    {
        foreach (var empty in _emptying)
        {
            foreach (var place in All().Where(place => place.Tablet.Stage is null && Holds(place.Tablet, empty.From)))
            {
                var to = empty.To ?? Homes(empty.Rack).Where(node => node.Id.HostId != empty.From && !Holds(place.Tablet, node.Id.HostId))
                    .MinBy(CountOn);
                if (to is not null)
                {
                    return new Move(place, empty.From, to, empty.Kind);
                }
            }
        }

        return null;
    }

    private Move? NextForBalance()
    {
        if (!_unbalanced || !cluster.Balancing || !cluster.Topology.IsIdle)
        {
            return null;
        }

        foreach (var table in All().GroupBy(place => (place.Keyspace, place.Table)))
        {
            foreach (var rack in cluster.Nodes.Select(node => node.Id.Rack).Distinct(StringComparer.Ordinal))
            {
                var homes = Homes(rack).Select(node => (Node: node, Count: Wanted(table, node.Id.HostId))).OrderBy(home => home.Count).ToArray();
                if (homes.Length < 2 || homes[^1].Count - homes[0].Count < 2)
                {
                    continue;
                }

                var (fullest, emptiest) = (homes[^1].Node, homes[0].Node);
                if (table.FirstOrDefault(p => p.Tablet.Stage is null && Holds(p.Tablet, fullest.Id.HostId)) is { } place)
                {
                    return new Move(place, fullest.Id.HostId, emptiest, "migration");
                }
            }
        }

        _unbalanced = _running.Count > 0;
        return null;
    }

    /// <summary>Where a tablet lies or is on its way to.</summary>
    private static int Wanted(IEnumerable<Place> table, Guid host) =>
        table.Count(place => (place.Tablet.NewReplicas.IsEmpty ? place.Tablet.Replicas : place.Tablet.NewReplicas).Any(r => r.HostId == host));

    private IEnumerable<SimNode> Homes(string rack) => cluster.Nodes.Where(node =>
        node is { Ring: RingState.Normal, IsDraining: false, Serves: true } && string.Equals(node.Id.Rack, rack, StringComparison.Ordinal));

    private void Begin(Move move)
    {
        var (place, tablet) = (move.Place, move.Place.Tablet);
        var next = tablet.Replicas.Select(replica => replica.HostId == move.From ? move.To.Id : replica).ToImmutableArray();
        _running.Add(move);
        cluster.Replace(place.Keyspace, place.Table, place.Index, tablet with { NewReplicas = next, Transition = move.Kind, Stage = "streaming" });
        var key = $"tablet/{place.Keyspace}.{place.Table}/{place.Index}/{move.To.Id.Name}/{cluster.Placement}";
        var task = new SimTask(cluster.Dice.Uuid(key), null, "tablets", "migration", "tablet")
        {
            Keyspace = place.Keyspace, Table = place.Table, StartedAt = cluster.Agenda.Now,
        };
        cluster.Tasks.Start(task, cluster.Dice.Between(key, 2, 5), () => End(move, tablet, next));
    }

    /// <summary>Where its new home does not serve by then, the tablet stays where it was.</summary>
    private string? End(Move move, Tablet before, ImmutableArray<NodeIdentity> after)
    {
        _running.Remove(move);
        var arrived = move.To.TakesWrites;
        cluster.Replace(move.Place.Keyspace, move.Place.Table, move.Place.Index, arrived ? before with { Replicas = after } : before);

        // Looked at after this task has ended, so that nobody finds nothing moving and a task that runs.
        cluster.Agenda.After(TimeSpan.Zero, Look);
        return arrived ? null : $"{move.To.Id.Address} is down";
    }

    private void TellIdle()
    {
        if (IsMoving)
        {
            return;
        }

        var waiting = _whenIdle.ToArray();
        _whenIdle.Clear();
        Array.ForEach(waiting, act => act());
    }

    private sealed record Place(string Keyspace, string Table, int Index, Tablet Tablet);

    private sealed record Move(Place Place, Guid From, SimNode To, string Kind);

    private sealed record Emptying(Guid From, string Rack, SimNode? To, string Kind, Action Done);
}
