using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Oracle;

/// <summary>One replicated range as the oracle judges it: LOCAL_QUORUM over its replicas in each DC.</summary>
internal sealed class WatchedRange(string keyspace, string? table, string range, ImmutableArray<SimNode> replicas)
{
    private readonly SimNode[][] _byDc = [.. replicas.GroupBy(replica => replica.Id.Dc, StringComparer.Ordinal).Select(dc => dc.ToArray())];

    public string Keyspace => keyspace;

    public string? Table => table;

    public string Range => range;

    public ImmutableArray<SimNode> Replicas => replicas;

    /// <summary>Lost at the last look; a violation is counted when this turns true.</summary>
    public bool QuorumLost { get; set; }

    /// <summary>The stricter reading, by what coordinators see.</summary>
    public bool ViewLost { get; set; }

    /// <summary>Live and needed replicas in the DC where things are tightest.</summary>
    public (int Live, int Needed) Count(Func<SimNode, bool> live)
    {
        (int Live, int Needed)? worst = null;
        foreach (var dc in _byDc)
        {
            var count = (Live: dc.Count(live), Needed: (dc.Length / 2) + 1);
            if (worst is not { } known || count.Live - count.Needed < known.Live - known.Needed)
            {
                worst = count;
            }
        }

        return worst ?? (0, 0);
    }
}
