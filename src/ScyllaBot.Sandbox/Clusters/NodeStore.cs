namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What a node keeps on disk besides its data, through restarts: snapshots, what cleanup and an upgrade of sstables still have to do.</summary>
internal sealed class NodeStore(SimNode node)
{
    private static readonly TimeSpan _writesAgain = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<string, SortedSet<(string Keyspace, string Table)>> _snapshots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _flushed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cleaned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _upgraded = new(StringComparer.Ordinal);
    private int _ids;

    public IReadOnlyDictionary<string, SortedSet<(string Keyspace, string Table)>> Snapshots => _snapshots;

    private DateTimeOffset Now => node.Cluster.Agenda.Now;

    /// <summary>A seeded id that no other thing of this node has.</summary>
    public Guid NextId(string what) => node.Cluster.Dice.Uuid($"{node.Id.Name}/{what}/{++_ids}");

    /// <summary>Writes memtables of a keyspace. False: there was nothing in them, since the last flush is less than a minute ago.</summary>
    public bool Flush(string keyspace)
    {
        var dirty = !_flushed.TryGetValue(keyspace, out var at) || Now - at >= _writesAgain;
        if (dirty)
        {
            _flushed[keyspace] = Now;
        }

        return dirty;
    }

    /// <summary>False: nothing of that keyspace had to go.</summary>
    public bool Clean(string keyspace) => node.Cleanup != CleanupStatus.Clean && _cleaned.Add(keyspace);

    /// <summary>False: it was marked already.</summary>
    public bool MarkClean()
    {
        var changed = node.Cleanup != CleanupStatus.Clean;
        node.Cleanup = CleanupStatus.Clean;
        _cleaned.Clear();
        return changed;
    }

    /// <summary>Rewrites sstables in the newest format. False: all of them had it and were left out.</summary>
    public bool Upgrade(string keyspace, bool excludeCurrent) => _upgraded.Add(keyspace) || !excludeCurrent;

    /// <summary>Hard links of tables under a tag. The refusal's text when a keyspace has that tag already.</summary>
    public string? TakeSnapshot(string tag, IReadOnlyCollection<(string Keyspace, string Table)> tables)
    {
        if (_snapshots.TryGetValue(tag, out var taken)
            && tables.FirstOrDefault(t => taken.Any(s => s.Keyspace == t.Keyspace)) is { Keyspace: { } keyspace })
        {
            return $"Keyspace {keyspace}: snapshot {tag} already exists.";
        }

        var all = taken ?? [];
        all.UnionWith(tables);
        _snapshots[tag] = all;
        return null;
    }

    /// <summary>Null: every tag, keyspace, table. Returns how many tables' snapshots went.</summary>
    public int ClearSnapshots(string? tag, IReadOnlyCollection<string> keyspaces, string? table)
    {
        var gone = 0;
        foreach (var (name, tables) in _snapshots.Where(s => tag is null || s.Key == tag).ToArray())
        {
            gone += tables.RemoveWhere(t => (keyspaces.Count == 0 || keyspaces.Contains(t.Keyspace, StringComparer.Ordinal)) && (table is null || t.Table == table));
            if (tables.Count == 0)
            {
                _snapshots.Remove(name);
            }
        }

        return gone;
    }

    /// <summary>Bytes that a table's snapshot pins.</summary>
    public long BytesOf(string keyspace, string table) =>
        (long)node.Cluster.Dice.Between($"{node.Id.Name}/{keyspace}.{table}/bytes", 1e3, 9e3).TotalSeconds * 1_000_000;
}
