using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Everyone's view: each node serves and sees every other up, nothing joins or leaves; held nodes, the subject and whom the job took out of the ring are excepted (R2).</summary>
[Tag("cluster-normal", "Cluster is normal")]
[Example("")]
public sealed record ClusterNormal : IClusterCondition, ITellsHealth
{
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Freshness, ct);
        var excepted = context.Held().Union(snapshot.OutOfRing(context.MayBeOut));
        if (context is NodeContext subject)
        {
            excepted = excepted.Add(subject.Node.Name);
        }

        return WhyNot(snapshot, excepted);
    }

    internal static string? WhyNot(ClusterSnapshot snapshot, ImmutableSortedSet<string> excepted)
    {
        var watched = snapshot.Members.Where(v => !excepted.Contains(v.Node.Name)).ToArray();
        foreach (var view in watched)
        {
            if (!view.Serves)
            {
                return $"{view.Node.Name} is {view.Mode ?? "not answering"}{(view.Mode == "NORMAL" ? " but CQL is closed" : "")}";
            }

            if (view.Joining is { Length: > 0 } || view.Leaving is { Length: > 0 })
            {
                return $"{view.Node.Name} sees a node joining or leaving";
            }

            if (watched.FirstOrDefault(other => !view.Sees(other.Node)) is { } missing)
            {
                return $"{view.Node.Name} does not see {missing.Node.Name} up";
            }

            if (view.HostIds is not { } ids)
            {
                return $"{view.Node.Name} does not tell host ids";
            }

            if (watched.FirstOrDefault(other => !ids.TryGetValue(other.Node.Address, out var id) || id != other.Node.HostId) is { } stranger)
            {
                return $"{view.Node.Name} knows {stranger.Node.Address} by another host id than the inventory";
            }
        }

        return null;
    }
}
