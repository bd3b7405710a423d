namespace ScyllaBot.Core.Jobs;

public sealed partial class Fleet
{
    private ImmutableSortedDictionary<string, ReadOnlyCluster> _readOnly = ImmutableSortedDictionary<string, ReadOnlyCluster>.Empty.WithComparers(StringComparer.Ordinal);
    private ImmutableSortedSet<string> _knownOfOthers = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>Null: nothing was found there, or a human has acknowledged it (R13).</summary>
    public ReadOnlyCluster? ReadOnly(string cluster) => Volatile.Read(ref _readOnly).GetValueOrDefault(cluster);

    /// <summary>What stands above every job of the cluster, in a sentence (R13, R20); null: they may go on.</summary>
    public string? WhyStill(string cluster) => Halt?.Sentence ?? ReadOnly(cluster)?.Sentence;

    /// <summary>Jobs of a lost database whose traces a human has acknowledged.</summary>
    public ImmutableSortedSet<string> KnownOfOthers => Volatile.Read(ref _knownOfOthers);

    private void ApplyFootprints(JournalEvent e)
    {
        if (e is FootprintsFound found)
        {
            Volatile.Write(ref _readOnly, _readOnly.SetItem(found.Cluster, new ReadOnlyCluster(found.Cluster, found.Epoch, found.Lines, found.Jobs)));
        }
        else if (e is FootprintsAcknowledged seen)
        {
            Volatile.Write(ref _knownOfOthers, _knownOfOthers.Union(seen.Jobs));
            Volatile.Write(ref _readOnly, _readOnly.Remove(seen.Cluster));
        }
    }
}
