using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Oracle;

/// <summary>One replicated range as the oracle judges it: LOCAL_QUORUM over its replicas in each DC.</summary>
internal sealed class WatchedRange(
    string keyspace, string? table, string range, ImmutableArray<SimNode> replicas, ImmutableArray<SimNode> pending)
{
    private readonly ILookup<string, SimNode> _pending = pending.ToLookup(replica => replica.Id.Dc, StringComparer.Ordinal);
    private readonly SimNode[][] _byDc = [.. replicas.GroupBy(replica => replica.Id.Dc, StringComparer.Ordinal).Select(dc => dc.ToArray())];

    public string Keyspace => keyspace;

    public string? Table => table;

    public string Range => range;

    public ImmutableArray<SimNode> Replicas => replicas;

    /// <summary>Lost at the last look; a violation is counted when this turns true.</summary>
    public bool QuorumLost { get; set; }

    /// <summary>The stricter reading, by what coordinators see.</summary>
    public bool ViewLost { get; set; }

    /// <summary>Live and needed replicas in the DC where things are tightest. Each pending replica raises what a write needs by one (facts 3.1).</summary>
    public (int Live, int Needed) Count(Func<SimNode, bool> live)
    {
        (int Live, int Needed)? worst = null;
        foreach (var dc in _byDc)
        {
            var natural = dc.Count(live);
            var needed = (dc.Length / 2) + 1;
            worst = Worse(worst, (natural, needed));
            var coming = _pending[dc[0].Id.Dc].ToArray();
            if (coming.Length > 0)
            {
                worst = Worse(worst, (natural + coming.Count(node => node.TakesWrites), needed + coming.Length));
            }
        }

        return worst ?? (0, 0);
    }

    private static (int Live, int Needed) Worse((int Live, int Needed)? known, (int Live, int Needed) count) =>
        known is not { } other || count.Live - count.Needed < other.Live - other.Needed ? count : other;
}
