using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>Where a demand comes from, for the sentence; the first of all that share it.</summary>
internal readonly record struct DemandSource(ReplicatedRing Ring, RingRange Range, Need Need, int Needed, int Pending);

/// <summary>
/// Every demand of the form "at least so many of these nodes live", each distinct one once, and for each node those it is part of. Every
/// consistency level of every range, and raft's majority, is one of them; so a change of one node costs only what contains it.
/// </summary>
internal sealed class DemandTable
{
    /// <summary>What the last row is: group0's voters instead of a range.</summary>
    public const int NoRaft = -1;

    private readonly int[] _memberStart;
    private readonly int[] _members;
    private readonly int[] _demandStart;
    private readonly int[] _demands;

    public DemandTable(int nodes, IReadOnlyList<(int[] Members, int Needed)> demands, int[] ranges, DemandSource[] sources, bool hasRaft)
    {
        (Ranges, Sources) = (ranges, sources);
        Raft = hasRaft ? demands.Count - 1 : NoRaft;
        Spare = [.. demands.Select(d => d.Members.Length - d.Needed)];
        Broken = Spare.Count(s => s < 0);
        (_memberStart, _members) = Flat([.. demands.Select(d => d.Members)]);
        (_demandStart, _demands) = Inverted(nodes, demands);
        (Edge, Near) = (new int[nodes], new int[nodes]);
        for (var demand = 0; demand < Spare.Length; demand++)
        {
            var count = Spare[demand] switch { 0 => Edge, 1 => Near, _ => null };
            foreach (var member in count is null ? [] : Members(demand))
            {
                count![member] += ranges[demand];
            }
        }
    }

    public int Count => Spare.Length;

    /// <summary>Row of raft's majority, or <see cref="NoRaft"/>.</summary>
    public int Raft { get; }

    /// <summary>Per demand: how many of its members may go. Negative: it is not met even with everybody up.</summary>
    public int[] Spare { get; }

    /// <summary>How many are not met even with everybody up.</summary>
    public int Broken { get; }

    /// <summary>Per demand: how many ranges stand behind it.</summary>
    public int[] Ranges { get; }

    /// <summary>Per demand, but for raft's.</summary>
    public DemandSource[] Sources { get; }

    /// <summary>Per node: ranges that can not spare it.</summary>
    public int[] Edge { get; }

    /// <summary>Per node: ranges that can spare it, and then nobody else.</summary>
    public int[] Near { get; }

    public ReadOnlySpan<int> Members(int demand) => _members.AsSpan(_memberStart[demand], _memberStart[demand + 1] - _memberStart[demand]);

    /// <summary>In ascending order.</summary>
    public ReadOnlySpan<int> DemandsOf(int node) => _demands.AsSpan(_demandStart[node], _demandStart[node + 1] - _demandStart[node]);

    /// <returns>The first demand that is not met when these are down; -1 when all are.</returns>
    public int FirstBroken(IEnumerable<int> down)
    {
        var spare = (int[])Spare.Clone();
        var first = Broken == 0 ? Count : spare.AsSpan().IndexOfAnyInRange(int.MinValue, -1);
        foreach (var node in down)
        {
            foreach (var demand in DemandsOf(node))
            {
                if (--spare[demand] < 0 && demand < first)
                {
                    first = demand;
                }
            }
        }

        return first == Count ? -1 : first;
    }

    private static (int[] Start, int[] Flat) Flat(int[][] rows)
    {
        var start = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            start[i + 1] = start[i] + rows[i].Length;
        }

        var flat = new int[start[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(flat, start[i]);
        }

        return (start, flat);
    }

    private static (int[] Start, int[] Flat) Inverted(int nodes, IReadOnlyList<(int[] Members, int Needed)> demands)
    {
        var start = new int[nodes + 1];
        foreach (var member in demands.SelectMany(d => d.Members))
        {
            start[member + 1]++;
        }

        for (var node = 0; node < nodes; node++)
        {
            start[node + 1] += start[node];
        }

        var next = start[..nodes];
        var flat = new int[start[nodes]];
        for (var demand = 0; demand < demands.Count; demand++)
        {
            foreach (var member in demands[demand].Members)
            {
                flat[next[member]++] = demand;
            }
        }

        return (start, flat);
    }
}
