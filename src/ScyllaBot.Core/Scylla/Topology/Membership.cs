using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Who knows whom.</summary>
internal static class Membership
{
    /// <summary>Who is in the ring now: without those that this job took out of it, or has not brought in yet.</summary>
    public static async Task<ImmutableArray<Node>> NowAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        var gone = snapshot.OutOfRing(context.MayBeOut);
        return [.. snapshot.Cluster.Members.Where(n => !gone.Contains(n.Name))];
    }

    /// <summary>A short name of who is in the ring, as everybody tells it: another one as soon as anybody joins or leaves.</summary>
    /// <exception cref="RecoverableException">They do not agree now, or nobody tells.</exception>
    public static async Task<string> RingAsync(ClusterContext context, CancellationToken ct)
    {
        var told = (await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct)).Witnesses.Where(v => v.HostIds is not null)
            .GroupBy(v => string.Join(',', v.HostIds!.Values.Distinct().Order()), v => v.Node.Name, StringComparer.Ordinal).ToArray();
        if (told.Length != 1)
        {
            throw new RecoverableException(told.Length == 0 ? $"no node of {context.Cluster.Name} tells who is in the ring"
                : $"{string.Join("; ", told.Select(t => string.Join(", ", t)))} do not agree on who is in the ring");
        }

        var members = told[0].Key;
        return $"ring {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(members)))[..12]}";
    }

    /// <returns>Somebody in the ring whom this job does not know, with the address; null when there is none.</returns>
    public static async Task<string?> StrangerAsync(ClusterContext context, CancellationToken ct)
    {
        var known = (await NowAsync(context, ct)).Select(n => n.HostId).ToHashSet();
        return (await HostIdsAsync(context, ct)).Where(h => !known.Contains(h.Id)).OrderBy(h => h.Address, StringComparer.Ordinal)
            .Select(h => $"{context.Cluster.Nodes.FirstOrDefault(n => n.Address == h.Address)?.Name ?? h.Address} ({h.Id})").FirstOrDefault();
    }

    private static async Task<IEnumerable<(string Address, Guid Id)>> HostIdsAsync(ClusterContext context, CancellationToken ct) =>
        (await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct)).Members.Where(v => v.HostIds is not null).SelectMany(v => v.HostIds!).Select(h => (h.Key, h.Value));

    /// <summary>Null when every other node can be asked and none knows the host id any more.</summary>
    /// <param name="context">Whose cluster.</param>
    /// <param name="host">Whom they may not know.</param>
    /// <param name="except">Who is not asked.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<string?> WhyStillKnownAsync(ClusterContext context, Guid host, IReadOnlyCollection<Node> except, CancellationToken ct)
    {
        var asked = 0;

        // Whom this job took out before may be stopped by now.
        var gone = context.MayBeOut.Count == 0 ? []
            : (await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct)).OutOfRing(context.MayBeOut);
        foreach (var witness in context.Cluster.Members.Where(n => !except.Contains(n) && !gone.Contains(n.Name)))
        {
            var api = context.Api(witness);
            if (await api.OperationModeAsync(ct) is "DECOMMISSIONED")
            {
                // It left too, and knows nothing of the others any more.
                continue;
            }

            if (await api.HostIdsAsync(ct) is not { } known)
            {
                return $"{witness.Name} does not tell whom it knows";
            }

            if (known.ContainsValue(host))
            {
                return $"{witness.Name} knows {host}";
            }

            asked++;
        }

        return asked > 0 ? null : "no other node could be asked";
    }

    /// <summary>The first node of the inventory that is none of them: the same one at every entry.</summary>
    /// <exception cref="UnrecoverableException">There is none.</exception>
    public static Node FirstBut(ClusterContext context, IReadOnlyCollection<Node> except) =>
        context.Cluster.Members.FirstOrDefault(n => !except.Contains(n)) ?? throw new UnrecoverableException($"{context.Cluster.Name} has no other node");
}
