using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>Turns ranges into demands, each distinct set of replicas with its need once.</summary>
/// <param name="cluster">Whose inventory says which replica is which node.</param>
internal sealed class DemandBuilder(Cluster cluster)
{
    private readonly Dictionary<string, int> _nodes =
        cluster.Nodes.Select((n, i) => (n.Address, i)).ToDictionary(n => n.Address, n => n.i, StringComparer.Ordinal);

    private readonly Dictionary<Key, int> _rows = [];
    private readonly List<(int[] Members, int Needed)> _demands = [];
    private readonly List<int> _ranges = [];
    private readonly List<DemandSource> _sources = [];

    public void Add(ReplicatedRing ring, RingNeeds needs)
    {
        foreach (var range in ring.Ranges)
        {
            foreach (var need in needs.Needs)
            {
                var pending = needs.PendingFor(need, range);
                Add(Members(range, need.Datacenter), need.Count + pending, new DemandSource(ring, range, need, need.Count + pending, pending));
            }
        }
    }

    /// <param name="voters">Host ids of group0's voters. One that the inventory does not know counts as down; null = unknown.</param>
    public DemandTable Build(ImmutableSortedSet<Guid>? voters)
    {
        if (voters is not null)
        {
            var members = cluster.Nodes.Select((n, i) => (n, i)).Where(x => voters.Contains(x.n.HostId)).Select(x => x.i);
            _demands.Add(([.. members], RingNeeds.Quorum(voters.Count)));
            _ranges.Add(0);
        }

        return new DemandTable(cluster.Nodes.Length, _demands, [.. _ranges], [.. _sources], voters is not null);
    }

    private void Add(int[] members, int needed, DemandSource source)
    {
        ref var row = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_rows, new Key(members, needed), out var isKnown);
        if (isKnown)
        {
            _ranges[row]++;
            return;
        }

        row = _demands.Count;
        _demands.Add((members, needed));
        _ranges.Add(1);
        _sources.Add(source);
    }

    /// <summary>In ascending order. A replica that the inventory does not know is none: it counts as down.</summary>
    private int[] Members(RingRange range, string? dc)
    {
        Span<int> found = stackalloc int[range.Replicas.Length + range.Pending.Length];
        var count = 0;
        foreach (var replicas in (ReadOnlySpan<ImmutableArray<RingReplica>>)[range.Replicas, range.Pending])
        {
            foreach (var replica in replicas)
            {
                if ((dc is null || string.Equals(replica.Datacenter, dc, StringComparison.Ordinal)) && _nodes.TryGetValue(replica.Address, out var node))
                {
                    found[count++] = node;
                }
            }
        }

        found[..count].Sort();
        return found[..count].ToArray();
    }

    private readonly struct Key(int[] members, int needed) : IEquatable<Key>
    {
        private readonly int[] _members = members;
        private readonly int _needed = needed;

        public bool Equals(Key other) => _needed == other._needed && _members.AsSpan().SequenceEqual(other._members);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            // Looked up only, never iterated: the order of a hash can not show.
            var hash = (uint)_needed;
            foreach (var member in _members)
            {
                hash = (hash * 16777619u) ^ (uint)member;
            }

            return (int)((hash * 2654435761u) >> 1);
        }
    }
}
