using System.Text.Json;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Keyspaces here have the tables and columns that they have in the source, with the same replication factors (facts 4.14: schema versions differ
/// by design, so what they say is compared). Both are only read, through cqlsh on one serving node each.
/// </summary>
[Tag("same-schema", "Schema is the source's")]
[Example("source: messages-prd\nkeyspaces: [discord]")]
public sealed record SameSchema : IClusterCondition
{
    [Description("Cluster whose schema it is to be"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    [Description("Keyspaces that are compared"), MinLength(1), RegularExpression("[A-Za-z0-9_]{1,48}")]
    public required IReadOnlyList<string> Keyspaces { get; init; }

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var source = ShadowRules.Source(context, Source);
        var (there, here) = (await ReadAsync(context.Commands, source, ct), await ReadAsync(context.Commands, context.Cluster, ct));
        var missing = Keyspaces.FirstOrDefault(k => !there.Any(line => line.StartsWith(k + " ", StringComparison.Ordinal)));
        return missing is not null ? $"{Source} has no keyspace {missing}"
            : there.Except(here).FirstOrDefault() is { } lacking ? $"{context.Cluster.Name} lacks {lacking}, which {Source} has"
            : here.Except(there).FirstOrDefault() is { } extra ? $"{context.Cluster.Name} has {extra}, which {Source} lacks"
            : null;
    }

    /// <summary>One line for each thing that must be alike, of the first node that tells.</summary>
    private async Task<ImmutableSortedSet<string>> ReadAsync(ICommandChannel commands, Cluster cluster, CancellationToken ct)
    {
        var silence = $"{cluster.Name} has no nodes";
        foreach (var node in cluster.Nodes)
        {
            try
            {
                return await ReadAsync(commands, node, cluster.Cql, ct);
            }
            catch (RecoverableException silent)
            {
                silence = silent.Message;
            }
        }

        throw new RecoverableException($"the schema of {cluster.Name} can not be read: {silence}");
    }

    private async Task<ImmutableSortedSet<string>> ReadAsync(ICommandChannel commands, Node node, CqlAccess access, CancellationToken ct)
    {
        var keyspaces = await RowsAsync("keyspace_name, replication", "system_schema.keyspaces");
        var tables = await RowsAsync("keyspace_name, table_name", "system_schema.tables");
        var columns = await RowsAsync("keyspace_name, table_name, column_name, kind, type", "system_schema.columns");
        return Answers.Take<ImmutableSortedSet<string>>($"{node.Name}: system_schema",
        () =>
        [
            .. keyspaces.Select(k => $"{Text(k, "keyspace_name")} with {FactorsOf(k)}"),
            .. tables.Select(t => $"{Text(t, "keyspace_name")} table {Text(t, "table_name")}"),
            .. columns.Select(c => $"{Text(c, "keyspace_name")} column {Text(c, "table_name")}.{Text(c, "column_name")} ({Text(c, "kind")} {Text(c, "type")})"),
        ]).WithComparer(StringComparer.Ordinal);

        async Task<JsonElement[]> RowsAsync(string selected, string table) =>
            await Cqlsh.SelectAsync(commands, node, access, selected, table, ct) switch
            {
                CqlAnswer.Rows rows => [.. rows.All.Where(r => Keyspaces.Contains(Text(r, "keyspace_name"), StringComparer.Ordinal))],
                CqlAnswer.NotThere missing => throw new UnrecoverableException($"{node.Name}: {missing.Why}"),
                CqlAnswer.Unusable unusable => throw new RecoverableException(unusable.Why),
                _ => throw new InvalidOperationException("an answer of no known kind"),
            };
    }

    /// <summary>Datacenters may be called otherwise in the shadow; how often each row is kept may not differ.</summary>
    private static string FactorsOf(JsonElement keyspace)
    {
        var options = keyspace.GetProperty("replication").EnumerateObject().Where(o => o.Name != "class").Select(o => o.Value.GetString() ?? "");
        return $"replication {string.Join(" + ", options.Order(StringComparer.Ordinal))}";
    }

    private static string Text(JsonElement row, string column) => row.GetProperty(column).GetString() ?? "";
}
