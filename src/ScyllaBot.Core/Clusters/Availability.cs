using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>
/// Which nodes may be down together? Answered from real replica sets (decision 10, facts 3). Immutable: it knows where data lies and what
/// clients need, not who is down; that is told with each question, as fresh as the asker has it.
/// </summary>
public sealed class Availability
{
    /// <exception cref="UnrecoverableException">There is no ring at all: an empty list is not a safe one (facts 3.5.9).</exception>
    public Availability(Cluster cluster, AvailabilityFacts facts)
    {
        if (facts.Rings.IsEmpty)
        {
            throw new UnrecoverableException($"{cluster.Name}: no keyspace could be read; an unreadable topology is refused");
        }

        (Cluster, Facts) = (cluster, facts);
        Datacenters = [.. cluster.Members.Select(n => n.Zone.Datacenter).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Numbers = cluster.Nodes.Select((n, i) => (n.Name, i)).ToImmutableSortedDictionary(n => n.Name, n => n.i, StringComparer.Ordinal);
        Judged = [.. facts.Rings.Where(r => !IsExempt(r.Keyspace) && r.Replication?.Strategy != ReplicationStrategy.Local)];
        IsDegraded = facts.Voters is not { Count: > 0 } || facts.WhyNoCql is not null || Judged.Any(r => r.Replication is null);
        var builder = new DemandBuilder(cluster);
        var trouble = facts.Doubt ?? (facts.Moving is { } moving ? $"the topology is changing: {moving}" : null);
        ImmutableArray<string> serving = [.. Datacenters.Where(dc => !cluster.Policy.NotServing.Contains(dc))];
        foreach (var ring in Judged)
        {
            var replication = ring.Replication ?? InferredReplication.Of(ring, Datacenters);
            var largest = ring.Ranges.Select(r => r.Replicas.Length).DefaultIfEmpty().Max();
            var datacenters = Datacenters.Union(replication.PerDatacenter.Where(f => f.Value > 0).Select(f => f.Key), StringComparer.Ordinal).ToImmutableArray();
            var needs = RingNeeds.Of(replication, largest, cluster.Policy.LevelsOf(ring.Keyspace), datacenters, serving);
            trouble ??= RingTrouble.Of(cluster, ring, replication, needs) ?? (ring.Replication is null ? InferredReplication.WhyNot(cluster, ring, replication) : null);
            builder.Add(ring, needs);
        }

        Table = builder.Build(facts.Voters is { Count: > 0 } voters ? voters : null);
        Limits = new ProofLimits(this, trouble);
    }

    public Cluster Cluster { get; }

    public AvailabilityFacts Facts { get; }

    /// <summary>All rings read, exempt ones among them.</summary>
    public ImmutableArray<ReplicatedRing> Rings => Facts.Rings;

    /// <summary>Rings of keyspaces that must keep what they need.</summary>
    public ImmutableArray<ReplicatedRing> Judged { get; }

    /// <summary>Without CQL facts: replication factors are inferred, raft's voters unknown (R25).</summary>
    public bool IsDegraded { get; }

    /// <summary>Raft's majority can not be counted, so each node must be followed by <c>POST /raft/read_barrier</c> on a live one (R25).</summary>
    public bool NeedsReadBarrier => IsDegraded;

    /// <summary>How many ranges and tablets the answer rests on, exempt ones among them.</summary>
    public int RangeCount => Rings.Sum(r => r.Ranges.Length);

    /// <summary>How many distinct demands on sets of nodes they come down to.</summary>
    public int DemandCount => Table.Count;

    internal ImmutableArray<string> Datacenters { get; }

    /// <summary>Name → place in the inventory.</summary>
    internal ImmutableSortedDictionary<string, int> Numbers { get; }

    internal DemandTable Table { get; }

    /// <summary>Rules that hold whatever the replica sets say.</summary>
    internal ProofLimits Limits { get; }

    /// <summary>Reads the facts the answer needs, from a node that serves and is not the subject.</summary>
    public static Task<Availability> ReadAsync(ClusterContext context, ClusterSnapshot snapshot, CancellationToken ct) =>
        AvailabilityReader.ReadAsync(
            context.Cluster, snapshot, context.Http, context.Commands, (context as NodeContext)?.Node, ct);

    /// <returns>Null when every range keeps what it needs with all of <paramref name="down"/> down; otherwise the first that would not.</returns>
    /// <param name="down">Everyone: down in anybody's view, held, and those in question (R2).</param>
    public SafetyRefusal? Judge(ImmutableSortedSet<string> down)
    {
        if (Limits.WhyNot(down) is { } why)
        {
            return new NoProof(why);
        }

        var first = Table.FirstBroken(down.Select(n => Numbers[n]));
        return first < 0 ? null : LossOf(first, n => down.Contains(n.Name));
    }

    /// <summary><see cref="Judge"/> as a sentence.</summary>
    public string? WhyNot(ImmutableSortedSet<string> down) => Judge(down)?.Sentence;

    /// <summary>Raft needs a majority of its voters, apart from any data (facts 3.3 step 7).</summary>
    public string? WhyVotersNot(ImmutableSortedSet<string> down)
    {
        var loss = RaftLoss(n => down.Contains(n.Name));
        return Table.Raft != DemandTable.NoRaft && (Facts.Voters!.Count - loss.Lost.Length) * 2 <= Facts.Voters.Count ? loss.Sentence : null;
    }

    /// <summary>A session: nodes are taken down and put back one by one, each at the cost of what contains it.</summary>
    public AvailabilityTrial Try(ImmutableSortedSet<string> down) => new(this, down);

    /// <summary>As many of the candidates as may go down together while these already are.</summary>
    public SafeSet LargestSafe(IEnumerable<string> candidates, ImmutableSortedSet<string> alreadyDown) =>
        LargestSafeSearch.Find(this, candidates, alreadyDown);

    /// <summary>Which one to take next, and why that one; null when none may go.</summary>
    public NextNode? NextBest(IEnumerable<string> candidates, ImmutableSortedSet<string> alreadyDown) => Try(alreadyDown).NextBest(candidates);

    /// <summary>Why this one may not go down too; null = it may.</summary>
    public SafetyRefusal? WhyNotAnother(string node, ImmutableSortedSet<string> alreadyDown) => Try(alreadyDown).WhyNotAnother(node);

    internal SafetyRefusal LossOf(int demand, Func<Node, bool> isDown)
    {
        if (demand == Table.Raft)
        {
            return RaftLoss(isDown);
        }

        var (ring, range, need, needed, pending) = Table.Sources[demand];
        var replicas = range.Replicas.Concat(range.Pending)
            .Where(r => need.Datacenter is null || string.Equals(r.Datacenter, need.Datacenter, StringComparison.Ordinal))
            .Select(r => (Name: Cluster.FindByAddress(r.Address) is { } node ? node.Name : r.Address, IsDown: Cluster.FindByAddress(r.Address) is not { } known || isDown(known)))
            .ToArray();
        return new QuorumLoss(
            ring.Keyspace, ring.Table, range.Start, range.End, Table.Ranges[demand] - 1, need.Level, need.Datacenter,
            replicas.Count(r => !r.IsDown), needed, pending, [.. replicas.Select(r => r.Name)], [.. replicas.Where(r => r.IsDown).Select(r => r.Name)]);
    }

    private RaftLoss RaftLoss(Func<Node, bool> isDown)
    {
        var voters = Facts.Voters ?? [];
        var known = Cluster.Members.Where(n => voters.Contains(n.HostId)).ToArray();
        var strangers = voters.Where(v => known.All(n => n.HostId != v)).Select(v => $"{v}, which the inventory does not know");
        return new RaftLoss(voters.Count, [.. known.Where(isDown).Select(n => n.Name), .. strangers]);
    }

    private bool IsExempt(string keyspace) => Cluster.Exemptions.Any(e =>
        string.Equals(e.Keyspace, keyspace, StringComparison.Ordinal) && (e.Until is not { } until || until > Facts.At));
}
