namespace ScyllaBot.Sandbox.Clusters;

internal enum FaultKind
{
    DrainHangs,
    StartFails,
    GossipLag,
    Api500,
    NodeDies,
    CompactionsStuck,
    SlowStart,

    /// <summary>A join streams for so much longer.</summary>
    JoinHangs,

    /// <summary>The provisioner makes no more machines this time.</summary>
    ProvisionFails,

    /// <summary>The copy of a shadow's data dies half-way.</summary>
    CopyDies,

    /// <summary>For a while every other write that is mirrored to a shadow gets lost on its way, and nobody is told.</summary>
    WritesLost,
}

/// <summary>A misfortune that waits for its node. It bites <see cref="Left"/> more times and is then gone.</summary>
internal sealed class Fault(int id, FaultKind kind, string cluster, string? node, int count, TimeSpan length)
{
    public int Id => id;

    public FaultKind Kind => kind;

    public string Cluster => cluster;

    /// <summary>Null: the next node of the cluster that it can hit.</summary>
    public string? Node => node;

    /// <summary>Virtual time it lasts, where the kind has a length.</summary>
    public TimeSpan Length => length;

    public int Left { get; private set; } = count;

    public bool Fits(NodeIdentity at, FaultKind what) =>
        what == kind
        && Left > 0
        && string.Equals(cluster, at.Cluster, StringComparison.Ordinal)
        && (node is null || string.Equals(node, at.Name, StringComparison.Ordinal));

    public void Bite() => Left--;
}

/// <summary>The faults that wait. Used inside the agenda only.</summary>
internal sealed class FaultBox(Action<string, Fault, string?> tell)
{
    private readonly List<Fault> _faults = [];
    private int _ids;

    public IReadOnlyList<Fault> Waiting => _faults;

    public Fault Add(FaultKind kind, string cluster, string? node, int count, TimeSpan length)
    {
        var fault = new Fault(++_ids, kind, cluster, node, count, length);
        _faults.Add(fault);
        tell("armed", fault, node);
        return fault;
    }

    /// <summary>The fault that hits this node now, used up by one; null when there is none.</summary>
    public Fault? Bite(NodeIdentity node, FaultKind kind)
    {
        var fault = _faults.Find(f => f.Fits(node, kind));
        if (fault is null)
        {
            return null;
        }

        fault.Bite();
        if (fault.Left == 0)
        {
            _faults.Remove(fault);
        }

        tell("bites", fault, node.Name);
        return fault;
    }

    public bool Waits(NodeIdentity node, FaultKind kind) => _faults.Exists(f => f.Fits(node, kind));

    public int Lift()
    {
        var count = _faults.Count;
        foreach (var fault in _faults)
        {
            tell("lifted", fault, fault.Node);
        }

        _faults.Clear();
        return count;
    }
}
