using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Log levels of a scylla process; gone with it.</summary>
internal sealed class LoggerLevels(SimNode node)
{
    private readonly SortedDictionary<string, string> _levels = new(StringComparer.Ordinal);

    public static ImmutableArray<string> Names { get; } = ["compaction", "gossip", "init", "repair", "storage_service", "stream_session"];

    /// <summary>Null: no such logger.</summary>
    public string? Of(string name) => Names.Contains(name, StringComparer.Ordinal) ? _levels.GetValueOrDefault(name, "info") : null;

    /// <returns>False: no such logger.</returns>
    public bool Set(string name, string level, Cause cause)
    {
        if (Of(name) is not { } before)
        {
            return false;
        }

        if (!string.Equals(before, level, StringComparison.Ordinal))
        {
            _levels[name] = level;
            node.Cluster.Record(node, "log-level", cause);
        }

        return true;
    }

    public void ProcessEnded() => _levels.Clear();
}
