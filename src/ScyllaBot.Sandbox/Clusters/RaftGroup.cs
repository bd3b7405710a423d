namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// group0: at most five voters, an odd number, spread over racks. The coordinator moves votes off dead nodes, but only while a majority of
/// the voters lives (facts/scylla.md 3.3 step 7).
/// </summary>
internal sealed class RaftGroup
{
    private const int MostVoters = 5;

    /// <summary>The direct failure detector pings every second; then the vote is moved by an ordinary group0 change.</summary>
    private static readonly TimeSpan _moveAfter = TimeSpan.FromSeconds(2);

    private readonly SimCluster _cluster;
    private readonly List<SimNode> _voters = [];
    private SimNode? _leader;
    private Pending? _move;

    public RaftGroup(SimCluster cluster)
    {
        _cluster = cluster;
        Fill(cluster.Nodes);
        _leader = _voters.FirstOrDefault();
    }

    public IReadOnlyList<SimNode> Voters => _voters;

    /// <summary>Votes stay where they are, dead node or not: so every process that knows the same members knows the same voters.</summary>
    public bool IsFixed { get; set; }

    public bool HasMajority => _voters.Count(Alive) * 2 > _voters.Count;

    /// <summary>Null without a majority: nobody can be elected.</summary>
    public SimNode? Leader => HasMajority ? _leader is { } leader && Alive(leader) && _voters.Contains(leader) ? leader : _voters.First(Alive) : null;

    /// <summary>`POST /raft/trigger_stepdown`: another voter is elected; nobody else there is the leader again.</summary>
    public void StepDown() => _leader = _voters.FirstOrDefault(voter => Alive(voter) && voter != Leader) ?? _leader;

    /// <summary>A ring begins with this one, or ends with null: nobody else has a vote.</summary>
    public void Found(SimNode? node)
    {
        _voters.Clear();
        _leader = node;
        if (node is not null)
        {
            _voters.Add(node);
        }
    }

    /// <summary>It left the ring: no vote any more, and the others share it out at once.</summary>
    public void Drop(SimNode node)
    {
        _voters.Remove(node);
        if (HasMajority)
        {
            Fill(_cluster.Nodes.Where(member => Alive(member) && member.OwnsTokens));
        }
    }

    /// <summary>Some node's state changed.</summary>
    public void Look()
    {
        if (_move is not { Waiting: true })
        {
            _move = _cluster.Agenda.After(_moveAfter, MoveVotes);
        }
    }

    private static bool Alive(SimNode node) => node.Hears;

    private static bool SameRack(SimNode a, SimNode b) => string.Equals(a.Id.Rack, b.Id.Rack, StringComparison.Ordinal);

    private void MoveVotes()
    {
        if (IsFixed || !HasMajority)
        {
            return;
        }

        _leader = Leader;
        _voters.RemoveAll(voter => !Alive(voter));
        Fill(_cluster.Nodes.Where(node => Alive(node) && node.OwnsTokens));
    }

    private void Fill(IEnumerable<SimNode> alive)
    {
        var candidates = alive.Except(_voters).OrderBy(node => node.Id.Name, StringComparer.Ordinal).ToList();
        var total = candidates.Count + _voters.Count;
        var wanted = Math.Max(0, Math.Min(MostVoters, total - (1 - (total % 2))));
        while (_voters.Count < wanted)
        {
            var next = candidates.MinBy(node => _voters.Count(voter => SameRack(voter, node)))!;
            candidates.Remove(next);
            _voters.Add(next);
        }

        while (_voters.Count > wanted)
        {
            var crowded = _voters.GroupBy(voter => voter.Id.Rack, StringComparer.Ordinal).MaxBy(rack => rack.Count())!;
            _voters.Remove(crowded.Last());
        }
    }
}
