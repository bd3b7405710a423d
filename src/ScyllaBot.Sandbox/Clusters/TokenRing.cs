using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The vnode ring of a cluster and where each strategy puts replicas on it (facts/scylla.md 3.2).</summary>
internal sealed class TokenRing
{
    private readonly ImmutableArray<(long Token, NodeIdentity Owner)> _ring;
    private readonly ImmutableSortedDictionary<string, int> _racks;
    private readonly ImmutableSortedDictionary<string, int> _nodes;
    private readonly int _size;

    public TokenRing(ImmutableArray<NodeIdentity> nodes)
    {
        _ring = [.. nodes.SelectMany(node => node.Tokens.Select(token => (token, node))).OrderBy(entry => entry.token)];
        _racks = Count(nodes, node => node.Rack);
        _nodes = Count(nodes, node => node.Name);
        _size = nodes.Length;
    }

    public ImmutableArray<long> Tokens => [.. _ring.Select(entry => entry.Token)];

    /// <summary>One range for each token, ending at it; the first one wraps.</summary>
    public ImmutableArray<ReplicaRange> Ranges(Keyspace keyspace)
    {
        var ranges = ImmutableArray.CreateBuilder<ReplicaRange>(_ring.Length);
        for (var i = 0; i < _ring.Length; i++)
        {
            var start = _ring[(i + _ring.Length - 1) % _ring.Length].Token;
            ranges.Add(new ReplicaRange(start, _ring[i].Token, Replicas(keyspace, i)));
        }

        return ranges.MoveToImmutable();
    }

    /// <summary>Ranges between the tokens of both rings, with this ring's replicas and, as pending, those that only the other one has there.</summary>
    public ImmutableArray<ReplicaRange> Towards(TokenRing next, Keyspace keyspace)
    {
        long[] tokens = [.. Tokens.Concat(next.Tokens).Distinct().Order()];
        return
        [
            .. tokens.Select((token, i) =>
            {
                var now = Replicas(keyspace, IndexOf(token));
                return new ReplicaRange(tokens[(i + tokens.Length - 1) % tokens.Length], token, now)
                {
                    Pending = [.. next.Replicas(keyspace, next.IndexOf(token)).Where(node => now.All(n => n.HostId != node.HostId))],
                };
            }),
        ];
    }

    /// <summary>The first entry at or after the token; the ring wraps.</summary>
    private int IndexOf(long token)
    {
        for (var i = 0; i < _ring.Length; i++)
        {
            if (_ring[i].Token >= token)
            {
                return i;
            }
        }

        return 0;
    }

    private static ImmutableSortedDictionary<string, int> Count(ImmutableArray<NodeIdentity> nodes, Func<NodeIdentity, string> key) =>
        nodes.GroupBy(node => node.Dc, StringComparer.Ordinal).ToImmutableSortedDictionary(
            dc => dc.Key,
            dc => dc.Select(key).Distinct(StringComparer.Ordinal).Count(),
            StringComparer.Ordinal);

    private ImmutableArray<NodeIdentity> Replicas(Keyspace keyspace, int from) => keyspace.Strategy switch
    {
        Strategy.Simple => [.. Walk(from).Take(Math.Min(keyspace.Rf, _size))],
        Strategy.NetworkTopology => Spread(from, keyspace.Rf),
        _ => throw new InvalidOperationException($"{keyspace.Name} is not replicated."),
    };

    /// <summary>The distinct nodes met clockwise.</summary>
    private IEnumerable<NodeIdentity> Walk(int from) =>
        Enumerable.Range(0, _ring.Length).Select(step => _ring[(from + step) % _ring.Length].Owner).Distinct();

    /// <summary>Per DC: each rack once as long as there are new racks, nodes of racks already used only when the racks run out.</summary>
    private ImmutableArray<NodeIdentity> Spread(int from, int rf)
    {
        var chosen = ImmutableArray.CreateBuilder<NodeIdentity>();
        foreach (var (dc, racks) in _racks)
        {
            var wanted = Math.Min(rf, _nodes[dc]);
            var repeats = Math.Max(0, wanted - racks);
            var used = new HashSet<string>(StringComparer.Ordinal);
            var taken = 0;
            foreach (var node in Walk(from).Where(node => string.Equals(node.Dc, dc, StringComparison.Ordinal)))
            {
                if (taken == wanted)
                {
                    break;
                }

                if (!used.Add(node.Rack) && repeats-- <= 0)
                {
                    continue;
                }

                chosen.Add(node);
                taken++;
            }
        }

        return chosen.ToImmutable();
    }
}
