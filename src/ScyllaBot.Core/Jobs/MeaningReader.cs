using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Reads what is there, in the terms of what was meant (R15).</summary>
internal static class MeaningReader
{
    private const string Unknown = "unknown";
    private static readonly StepStamp Stamp = new("plan", "-", 0, 0);

    /// <param name="targets">With the versions as they were just read; "unknown" where a node could not be asked.</param>
    public static async Task<PlanMeaning> OfAsync(
        Cluster cluster, ClusterSnapshot snapshot, Availability? availability, IEnumerable<TargetNode> targets, JobPorts ports, CancellationToken ct)
    {
        if (availability is null)
        {
            // There is no ring yet: nobody could tell one.
            return new PlanMeaning { Ring = Empty, Zones = Empty, Versions = Empty, Replication = Empty, Policy = PolicyOf(cluster) };
        }

        var witness = Witness(snapshot);
        var api = new ScyllaApi(witness.Node, ports.Http, Stamp);
        var zones = Empty.ToBuilder();
        var versions = Empty.ToBuilder();
        foreach (var target in targets)
        {
            if (witness.HostIds!.ContainsKey(target.Address))
            {
                zones[target.Name] = new Zone(await api.DatacenterAsync(target.Address, ct), await api.RackAsync(target.Address, ct)).ToString();
            }

            if (target.Version != Unknown)
            {
                versions[target.Name] = target.Version;
            }
        }

        return new PlanMeaning
        {
            Ring = witness.HostIds!.GroupBy(h => h.Value).ToImmutableSortedDictionary(g => g.Key.ToString(), g => g.First().Key, StringComparer.Ordinal),
            Zones = zones.ToImmutable(),
            Versions = versions.ToImmutable(),
            Replication = availability.Rings.Where(r => r.Replication is not null).Select(r => (r.Keyspace, r.Replication!.Text)).Distinct()
                .ToImmutableSortedDictionary(r => r.Keyspace, r => r.Text, StringComparer.Ordinal),
            Policy = PolicyOf(cluster),
        };
    }

    private static ImmutableArray<string> PolicyOf(Cluster cluster) =>
        [.. cluster.Exemptions.Select(e => $"{e.Keyspace} is exempt: {e.Reason}, by {e.By}{(e.Until is { } until ? $", until {until:yyyy-MM-dd}" : "")}"), .. PlanVerdict.Policy(cluster)];

    /// <summary>Reads everything anew: at the start, when somebody goes on, after an approval that was waited for.</summary>
    /// <exception cref="RecoverableException">It can not be read now.</exception>
    public static async Task<PlanMeaning> ReadAsync(BoundJob bound, ImmutableArray<TargetNode> targets, JobPorts ports, CancellationToken ct)
    {
        var snapshot = await bound.Watch.ReadAsync(TimeSpan.Zero, ct);
        if (snapshot.Cluster.IsUnborn)
        {
            return await OfAsync(bound.Cluster, snapshot, null, targets, ports, ct);
        }

        Witness(snapshot);
        var availability = await AvailabilityReader.ReadAsync(bound.Cluster, snapshot, ports.Http, ports.Commands, null, ct);
        var now = await Task.WhenAll(targets.Select(async t => t with { Version = await VersionAsync(bound.Cluster, t, ports, ct) }));
        return await OfAsync(bound.Cluster, snapshot, availability, now, ports, ct);
    }

    private static NodeView Witness(ClusterSnapshot snapshot) => snapshot.TellingRing()
        ?? throw new RecoverableException($"{snapshot.Cluster.Name}: no node serves that could tell the ring");

    private static async Task<string> VersionAsync(Cluster cluster, TargetNode target, JobPorts ports, CancellationToken ct)
    {
        try
        {
            return cluster.Find(target.Name) is { } node ? await new ScyllaApi(node, ports.Http, Stamp).VersionAsync(ct) : Unknown;
        }
        catch (RecoverableException)
        {
            return Unknown;
        }
    }

    private static readonly ImmutableSortedDictionary<string, string> Empty = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
}
