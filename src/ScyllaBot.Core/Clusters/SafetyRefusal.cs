namespace ScyllaBot.Core.Clusters;

/// <summary>Why a set of nodes may not be down together. Closed: <see cref="QuorumLoss"/>, <see cref="RaftLoss"/>, <see cref="NoProof"/>.</summary>
public abstract record SafetyRefusal
{
    private protected SafetyRefusal()
    {
    }

    /// <summary>One plain sentence with names and numbers.</summary>
    public abstract string Sentence { get; }

    public sealed override string ToString() => Sentence;
}

/// <summary>A range, and all that share its replicas, would not reach a consistency level (facts 3.3 step 8).</summary>
/// <param name="Keyspace">The first that would lose.</param>
/// <param name="Table">Null for vnode keyspaces.</param>
/// <param name="Start">Exclusive; empty for a table's first tablet.</param>
/// <param name="End">Inclusive; empty for a table's last tablet.</param>
/// <param name="MoreRanges">How many further ranges, of whatever keyspace, have the same replicas and the same need.</param>
/// <param name="Level">Which level.</param>
/// <param name="Datacenter">Where a local level is judged; null = over all datacenters.</param>
/// <param name="Live">Replicas left there.</param>
/// <param name="Needed">Replicas needed there, pending ones included.</param>
/// <param name="Pending">How many of the needed are for data in motion.</param>
/// <param name="Replicas">All replicas there, by name, or by address where the inventory does not know them; pending ones included.</param>
/// <param name="Down">Which of them would be down.</param>
public sealed record QuorumLoss(
    string Keyspace, string? Table, string Start, string End, int MoreRanges, ConsistencyLevel Level, string? Datacenter,
    int Live, int Needed, int Pending, ImmutableArray<string> Replicas, ImmutableArray<string> Down) : SafetyRefusal
{
    public override string Sentence => Replicas.IsEmpty && Datacenter is not null ? NeverThere : Lost;

    private string Name => Table is null ? Keyspace : $"{Keyspace}.{Table}";

    private string Lost => $"{Name}: range ({Start}, {End}] {(MoreRanges == 0 ? "" : $"and {MoreRanges} like it ")}would keep {Live} of {Replicas.Length} replicas"
        + $"{(Datacenter is null ? "" : $" in {Datacenter}")}, {Level.Cql()} needs {Needed}{(Pending == 0 ? "" : $" ({Pending} for data in motion)")}; "
        + $"down: {(Down.IsEmpty ? "none" : string.Join(", ", Down))}";

    private string NeverThere => $"{Name}: no replica in {Datacenter}, so {Level.Cql()} is never available there; "
        + $"if no client uses {Datacenter}, the inventory's policy should say that it does not serve";
}

/// <summary>group0 would lose its majority (facts 3.3 step 7).</summary>
public sealed record RaftLoss(int Voters, ImmutableArray<string> Lost) : SafetyRefusal
{
    public override string Sentence => $"raft would lose its majority: {Lost.Length} of {Voters} voters down ({string.Join(", ", Lost)})";
}

/// <summary>The facts do not prove that it is safe; then it is refused.</summary>
public sealed record NoProof(string Why) : SafetyRefusal
{
    public override string Sentence => Why;
}
