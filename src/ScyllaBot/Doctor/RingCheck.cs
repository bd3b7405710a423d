using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Doctor;

/// <summary>The inventory says what the ring says (R24, R27), the nodes see each other, and all call their cluster the same.</summary>
internal sealed class RingCheck : IClusterCheck
{
    private static readonly StepStamp Reader = new("doctor", "-", 0, 0);

    public string Id => "ring";

    public bool Fits(Cluster cluster) => !cluster.IsUnborn;

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct)
    {
        var answering = nodes.Where(f => f is { Check: "rest", Level: DoctorLevel.Ok }).Select(f => f.Node!).ToHashSet(StringComparer.Ordinal);
        if (answering.Count == 0)
        {
            return [DoctorFinding.Skipped(Id, "no node of it answers")];
        }

        var snapshot = await new ClusterWatch(cluster, @case.Http, @case.Time).ReadAsync(TimeSpan.Zero, ct);
        if (RingDrift.WhyUnread(snapshot) is { } why)
        {
            return [DoctorFinding.Broken(Id, $"the ring could not be read: {why}", "look whether Scylla serves there (nodetool status), and ask again when the nodes are less busy")];
        }

        var drift = await RingDrift.FindAsync(snapshot, ImmutableSortedSet<string>.Empty, @case.Http, ct);
        // A node whose host id is another one is told of already, by the node itself.
        var told = nodes.Where(f => f is { Check: "rest", Level: DoctorLevel.Broken, Node: not null } && f.Seen.Contains("host id", StringComparison.Ordinal)).Select(f => f.Node!).ToList();
        List<DoctorFinding> found =
        [
            .. drift.Where(d => !told.Exists(n => d.StartsWith($"{n}: ", StringComparison.Ordinal) && d.Contains("host id", StringComparison.Ordinal)))
                .Select(d => DoctorFinding.Broken(Id, d, "correct the inventory (ScyllaBot inventory check FILE compares it again); until then no job plans on this cluster")),
            .. await NamesAsync(@case, cluster, answering, ct),
        ];
        return found.Count > 0 ? found : [DoctorFinding.Ok(Id, $"host ids, datacenters and racks are as the inventory says")];
    }

    private async Task<IEnumerable<DoctorFinding>> NamesAsync(DoctorCase @case, Cluster cluster, HashSet<string> answering, CancellationToken ct)
    {
        var names = await Task.WhenAll(cluster.Nodes.Where(n => answering.Contains(n.Name)).Select(async n => (n.Name, Says: await NameAsync(@case, n, ct))));
        var different = names.Where(n => n.Says is not null).GroupBy(n => n.Says!, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ToList();
        return different.Skip(1).Select(g => DoctorFinding.Broken(
            Id, $"{string.Join(", ", g.Select(n => n.Name))} say they are of cluster {g.Key}, the others of {different[0].Key}", "take them out of this cluster of the inventory, or correct their addresses"));
    }

    private static async Task<string?> NameAsync(DoctorCase @case, Node node, CancellationToken ct)
    {
        try
        {
            return await new ScyllaApi(node, @case.Http, Reader).ClusterNameAsync(ct);
        }
        catch (Exception silent) when (silent is RecoverableException or UnrecoverableException)
        {
            return null;
        }
    }
}
