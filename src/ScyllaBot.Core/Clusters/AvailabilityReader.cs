using System.Text.Json;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>Gathers what <see cref="Availability"/> judges: rings over REST, replication and voters over CQL on a node that serves.</summary>
internal static class AvailabilityReader
{
    /// <param name="cluster">Whose ring.</param>
    /// <param name="snapshot">Who serves now: one of them is asked.</param>
    /// <param name="http">Port.</param>
    /// <param name="commands">Port.</param>
    /// <param name="notFrom">A node that is not asked: the subject of the question.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Availability> ReadAsync(
        Cluster cluster, ClusterSnapshot snapshot, IHttpExchange http, ICommandChannel commands, Node? notFrom, CancellationToken ct)
    {
        var witness = snapshot.Views.FirstOrDefault(v => v.Serves && v.Node.Name != notFrom?.Name)?.Node
            ?? throw new RecoverableException($"{cluster.Name}: no node serves that could tell the ring");
        var api = new ScyllaApi(witness, http, new StepStamp("availability", "-", 0, 0));
        var facts = await CqlFacts.ReadAsync(commands, witness, ct);
        var rings = ImmutableArray.CreateBuilder<ReplicatedRing>();
        foreach (var keyspace in await api.KeyspacesAsync(tablets: false, ct))
        {
            rings.Add(new ReplicatedRing(keyspace, null, await api.DescribeRingAsync(keyspace, null, ct), facts?.FactorsOf(keyspace)) { TotalFactor = facts?.TotalOf(keyspace) });
        }

        foreach (var keyspace in await api.KeyspacesAsync(tablets: true, ct))
        {
            var tables = facts?.TablesOf(keyspace) ?? await api.TablesAsync(keyspace, ct);
            foreach (var table in tables)
            {
                rings.Add(new ReplicatedRing(keyspace, table, await api.DescribeRingAsync(keyspace, table, ct), facts?.FactorsOf(keyspace)) { TotalFactor = facts?.TotalOf(keyspace) });
            }
        }

        return new Availability(cluster, rings.ToImmutable(), facts?.Voters, snapshot.At);
    }
}

/// <summary>What only CQL tells: replication options, tables, raft voters (facts 1.8, 2.1).</summary>
internal sealed record CqlFacts(
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Replication,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Tables, ImmutableSortedSet<Guid> Voters)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>Null when cqlsh cannot be used on the node: the proof is degraded then (R25).</returns>
    public static async Task<CqlFacts?> ReadAsync(ICommandChannel commands, Node node, CancellationToken ct)
    {
        var keyspaces = await QueryAsync<KeyspaceRow>(commands, node, "SELECT JSON keyspace_name, replication FROM system_schema.keyspaces", ct);
        var tables = await QueryAsync<TableRow>(commands, node, "SELECT JSON keyspace_name, table_name FROM system_schema.tables", ct);
        var voters = await QueryAsync<VoterRow>(commands, node, "SELECT JSON server_id, can_vote FROM system.raft_state", ct);
        return keyspaces is null || tables is null || voters is null ? null : new CqlFacts(
            keyspaces.Value.ToImmutableSortedDictionary(k => k.keyspace_name, k => k.replication.ToImmutableSortedDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            tables.Value.GroupBy(t => t.keyspace_name, StringComparer.Ordinal).ToImmutableSortedDictionary(
                g => g.Key, g => g.Select(t => t.table_name).Order(StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal),
            [.. voters.Value.Where(v => v.can_vote).Select(v => v.server_id)]);
    }

    public ImmutableArray<string>? TablesOf(string keyspace) => Tables.TryGetValue(keyspace, out var tables) ? tables : null;

    /// <summary>Datacenter → RF. SimpleStrategy and Everywhere have none per datacenter: their ranges' own replicas are counted.</summary>
    public ImmutableSortedDictionary<string, int>? FactorsOf(string keyspace) => !Replication.TryGetValue(keyspace, out var options)
        ? null
        : options.Where(o => o.Key is not "class" and not "replication_factor" && int.TryParse(o.Value, out _))
            .ToImmutableSortedDictionary(o => o.Key, o => int.Parse(o.Value, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>SimpleStrategy's one RF; null where there is none.</summary>
    public int? TotalOf(string keyspace) => Replication.TryGetValue(keyspace, out var options)
        && options.TryGetValue("replication_factor", out var text) && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var rf) ? rf : null;

    private static async Task<ImmutableArray<T>?> QueryAsync<T>(ICommandChannel commands, Node node, string cql, CancellationToken ct)
    {
        var result = await NodeCommands.ReadAsync(commands, node, ["cqlsh", "-e", cql], Patience, ct);
        if (result.Exit != 0)
        {
            return null;
        }

        try
        {
            return [.. result.Output.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.StartsWith('{')).Select(l => JsonSerializer.Deserialize<T>(l)!)];
        }
        catch (JsonException unreadable)
        {
            throw new UnrecoverableException($"{node.Name}: cqlsh printed something unreadable: {unreadable.Message}", unreadable);
        }
    }

#pragma warning disable IDE1006 // CQL's own spelling.
    private sealed record KeyspaceRow(string keyspace_name, Dictionary<string, string> replication);

    private sealed record TableRow(string keyspace_name, string table_name);

    private sealed record VoterRow(Guid server_id, bool can_vote);
#pragma warning restore IDE1006
}
