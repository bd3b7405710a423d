using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>Whether this database may work on a cluster (R13): one look by each process, renewed when a job is about to begin some time later.</summary>
/// <param name="ports">Nodes and store.</param>
/// <param name="found">Told once something is found and durable: jobs at work there stop.</param>
internal sealed class FootprintWatch(JobPorts ports, Func<string, Task> found)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private ImmutableSortedDictionary<string, Footprints> _looks = ImmutableSortedDictionary<string, Footprints>.Empty.WithComparers(StringComparer.Ordinal);

    /// <returns>Null: it may. Otherwise what was found or can not be told, and what to do.</returns>
    public async Task<string?> WhyReadOnlyAsync(Cluster cluster, CancellationToken ct)
    {
        // To observe needs no root (R29), and nothing is done there.
        if (ports.Fleet.ReadOnly(cluster.Name) is { } before)
        {
            return before.Sentence;
        }

        if (cluster.Mode == ClusterMode.Observe)
        {
            return null;
        }

        var look = Volatile.Read(ref _looks).GetValueOrDefault(cluster.Name) is { Silent.IsEmpty: true, Lines.IsEmpty: true } earlier && ports.Time.GetUtcNow() - earlier.At < Fresh
            ? earlier : await LookAsync(cluster, ct);
        return ports.Fleet.ReadOnly(cluster.Name)?.Sentence ?? look.WhyCanNotTell(cluster);
    }

    /// <summary>Looks now. What is found makes the cluster read-only, durably.</summary>
    public async Task<Footprints> LookAsync(Cluster cluster, CancellationToken ct)
    {
        var look = await Footprints.ReadAsync(ports, cluster, ct);
        if (!look.Lines.IsEmpty && ports.Fleet.ReadOnly(cluster.Name) is null)
        {
            // Before it is durable it is no answer, and whoever asked may be gone by now.
            Forget(cluster.Name);
            await ports.Fleet.AppendAsync(
                ports.Store, new FootprintsFound(ports.Time.GetUtcNow(), cluster.Name, look.Epoch, look.Lines, look.Jobs), CancellationToken.None);
            await found(cluster.Name);
        }

        ImmutableInterlocked.Update(ref _looks, l => l.SetItem(cluster.Name, look));
        return look;
    }

    /// <summary>What was seen before a human spoke is no answer any more.</summary>
    public void Forget(string cluster) => ImmutableInterlocked.Update(ref _looks, l => l.Remove(cluster));
}
