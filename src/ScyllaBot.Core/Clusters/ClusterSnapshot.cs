using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>What one node said of itself and of the others.</summary>
/// <param name="Mode">Null: it could not be asked or does not know yet.</param>
/// <param name="Live">Addresses it sees up, itself among them; null: unknown.</param>
/// <param name="HostIds">Address → host id as it knows them; null: unknown.</param>
public sealed record NodeView(
    Node Node, string? Mode, bool? Cql, long? Generation, ImmutableArray<string>? Live, ImmutableArray<string>? Down,
    ImmutableSortedDictionary<string, Guid>? HostIds, ImmutableArray<string>? Joining, ImmutableArray<string>? Leaving)
{
    /// <summary>Schema version → addresses it sees with it; null: unknown.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Schemas { get; init; }

    /// <summary>Why nothing of it can be read though it answers; a sentence. Null: it does not answer, or it tells.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Why the first reading that is null is null; a sentence for people. Null: everything was told.</summary>
    public string? Silence { get; init; }

    /// <summary>What stands for its mode: the mode, or why there is none.</summary>
    public string ModeOrWhy => Mode ?? (Unreadable is { } why ? $"unreadable ({Shortened.To(why, 300)})" : "not answering");

    /// <summary>When its last answer came.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>How long its process has run: a generation is the second of its start (facts 1.5). Null where that can not be.</summary>
    public TimeSpan? Uptime => Generation is { } seconds and > 0 && ReadAt.ToUnixTimeSeconds() - seconds is var ran and >= 0 and < 1_000_000_000
        ? TimeSpan.FromSeconds(ran) : null;

    /// <summary>By its own word it serves: NORMAL and CQL open (facts 3.3 step 3). One that is in no ring of ours may say so too.</summary>
    public bool SaysItServes => string.Equals(Mode, "NORMAL", StringComparison.Ordinal) && Cql == true;

    /// <summary>A member of the ring that serves: what it says of the ring can be believed.</summary>
    public bool Serves => Node.IsInRing && SaysItServes;

    /// <summary>Its gossip is off: what it says of others is how they were when it was drained, for as long as its process lives (facts 1.10).</summary>
    public bool IsFrozen => Mode is "DRAINING" or "DRAINED" or "DECOMMISSIONED";

    public bool Sees(Node other) => Live is { } live && live.Contains(other.Address, StringComparer.Ordinal);

    public bool SeesDown(Node other) => Down is { } down && down.Contains(other.Address, StringComparer.Ordinal);
}

/// <summary>Every node's view of every node, at one time (decision 11). Health is this, not "the node says UN".</summary>
public sealed record ClusterSnapshot(Cluster Cluster, DateTimeOffset At, ImmutableArray<NodeView> Views)
{
    /// <summary>Views of those that are, or were, in the ring: nobody else is missed, and nobody else is believed.</summary>
    public IEnumerable<NodeView> Members => Views.Where(v => v.Node.IsInRing);

    /// <summary>Who can be believed about the others: members that serve by their own word.</summary>
    public IEnumerable<NodeView> Witnesses => Views.Where(v => v.Serves);

    /// <summary>There is a ring, and none of its members said anything.</summary>
    public bool IsSilent => !Cluster.IsUnborn && Members.All(v => v.Mode is null);

    /// <summary>Who is asked about the others: the first that serves by its own word. Null when nobody does.</summary>
    /// <param name="except">Name of a node that is not to be asked.</param>
    public NodeView? Serving(string? except = null) => Witnesses.FirstOrDefault(v => !string.Equals(v.Node.Name, except, StringComparison.Ordinal));

    /// <summary>Who is asked about the others, for work that can not go on without the answer.</summary>
    /// <param name="to">What for, after "no node serves that could": <c>tell the ring</c>.</param>
    /// <param name="except">Name of a node that is not to be asked.</param>
    /// <exception cref="RecoverableException">Nobody does.</exception>
    public Node Asked(string to, string? except = null) =>
        Serving(except)?.Node ?? throw new RecoverableException($"{Cluster.Name}: no node serves that could {to}");

    /// <summary>The first that serves and tells who is in the ring; null when nobody does.</summary>
    public NodeView? TellingRing() => Witnesses.FirstOrDefault(v => v.HostIds is not null);

    public NodeView Of(Node node) => Views.First(v => string.Equals(v.Node.Name, node.Name, StringComparison.Ordinal));

    /// <summary>Everyone who is down in anybody's view, or does not serve by their own word (facts 3.3 step 3).</summary>
    /// <param name="held">
    /// Names of those whom the asking job took down. They count as down, and what one of them sees of the others does not count before it serves:
    /// a process that has just begun sees nobody up for some seconds, and routes no request till then (ADR 0020).
    /// </param>
    public ImmutableSortedSet<string> DownInAnyView(IReadOnlySet<string>? held = null) => Cluster.Members
        .Where(n => !Of(n).Serves || Members.Any(v => v.Node.Name != n.Name && Counts(v, held) && v.SeesDown(n)))
        .Select(n => n.Name).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>
    /// Those that no node that serves knows by their host id any more, or yet; nobody as long as one of these does not tell (R27). Whoever has no
    /// identity is out in any case.
    /// </summary>
    /// <param name="mayBeOut">Who is asked about.</param>
    public ImmutableSortedSet<string> OutOfRing(IReadOnlySet<string> mayBeOut) => LeftRing(mayBeOut).Union(Cluster.Nodes.Where(n => !n.IsInRing).Select(n => n.Name));

    private ImmutableSortedSet<string> LeftRing(IReadOnlySet<string> mayBeOut) =>
        mayBeOut.Count > 0 && Witnesses.ToArray() is { Length: > 0 } serving && serving.All(v => v.HostIds is not null)
            ? Cluster.Nodes.Where(n => mayBeOut.Contains(n.Name) && !Of(n).Serves && serving.All(v => !v.HostIds!.ContainsValue(n.HostId)))
                .Select(n => n.Name).ToImmutableSortedSet(StringComparer.Ordinal)
            : ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>The node serves nobody: it is in no ring, or not by its own word, and every other node that can be asked sees it down (R2).</summary>
    public bool ServesNobody(Node node) => !Of(node).Node.IsInRing || SeenDownByAll(node);

    /// <summary>The same snapshot under the identities that somebody knows the nodes by.</summary>
    public ClusterSnapshot As(Cluster cluster) => Cluster.Nodes.Length == cluster.Nodes.Length && Cluster.Nodes.Zip(cluster.Nodes).All(n => n.First.HostId == n.Second.HostId)
        ? this : this with { Cluster = cluster, Views = [.. Views.Select(v => v with { Node = cluster.Find(v.Node.Name) ?? v.Node })] };

    private static bool Counts(NodeView view, IReadOnlySet<string>? held) => !view.IsFrozen && (view.Serves || held?.Contains(view.Node.Name) != true);

    private bool SeenDownByAll(Node node) => !Of(node).Serves
        && Members.Where(v => v.Node.Name != node.Name && v.Live is not null && !v.IsFrozen).ToArray() is { Length: > 0 } witnesses
        && witnesses.All(v => v.SeesDown(node));
}
