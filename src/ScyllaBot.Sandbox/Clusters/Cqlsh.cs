using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// cqlsh on a node, for `SELECT JSON columns FROM table` over the few system tables a control plane reads. Anything else is answered as
/// cqlsh answers a statement it can not run: exit 2.
/// </summary>
internal static partial class Cqlsh
{
    /// <param name="node">Where it runs.</param>
    /// <param name="statement">What it was asked.</param>
    /// <param name="credentials">The text of its credentials file; null = none was given.</param>
    public static CommandResult Run(SimNode node, string? statement, string? credentials = null)
    {
        if (!node.Cql)
        {
            return new CommandResult(
                1,
                $"Connection error: ('Unable to connect to any servers', {{'{node.Id.Address}:9042': "
                + $"ConnectionRefusedError(111, \"Tried connecting to [('{node.Id.Address}', 9042)]. Last error: Connection refused\")}})");
        }

        if (node.Cluster.CqlLogin is { } login && !CqlLogin.IsIn(credentials, login))
        {
            return new CommandResult(
                1,
                $"Connection error: ('Unable to connect to any servers', {{'{node.Id.Address}:9042': AuthenticationFailed('Failed to authenticate to "
                + $"{node.Id.Address}:9042: Error from server: code=0100 [Bad credentials] message=\"Username and/or password are incorrect\"')}})");
        }

        var match = SelectJson().Match(statement ?? "");
        if (!match.Success)
        {
            return new CommandResult(2, "<stdin>:1:SyntaxException: the sandbox's cqlsh only knows SELECT JSON columns FROM table");
        }

        var name = match.Groups["table"].Value.ToLowerInvariant();
        if (TableOf(node, name) is not { } table)
        {
            return InvalidQuery($"unconfigured table {name}");
        }

        var columns = match.Groups["columns"].Value.Trim();
        ImmutableArray<string> wanted = columns is "*" ? table.Columns : [.. columns.Split(',', StringSplitOptions.TrimEntries)];
        var unknown = wanted.FirstOrDefault(column => !table.Columns.Contains(column, StringComparer.Ordinal));
        return unknown is null
            ? new CommandResult(0, Print([.. table.Rows.Select(row => table.Json(row, wanted))]))
            : InvalidQuery($"Unrecognized name {unknown}");
    }

    private static CommandResult InvalidQuery(string message) =>
        new(2, $"<stdin>:1:InvalidRequest: Error from server: code=2200 [Invalid query] message=\"{message}\"");

    private static CqlTable? TableOf(SimNode node, string name) => name switch
    {
        "system_schema.keyspaces" => CqlSchemaTables.Keyspaces(node.Cluster),
        "system_schema.tables" => CqlSchemaTables.Tables(node.Cluster),
        "system_schema.columns" => CqlSchemaTables.Columns(node.Cluster),
        "system_schema.views" => CqlSchemaTables.Views,
        "system.config" => CqlConfigTable.Config(node),
        "system.raft_state" => CqlRaftTables.State(node.Cluster),
        "system.scylla_local" => CqlRaftTables.Local(node.Cluster),
        "system.topology" => CqlTopologyTables.Topology(node.Cluster),
        "system.topology_requests" => CqlTopologyTables.Requests(node.Cluster),
        "system.load_per_node" => CqlTopologyTables.Loads(node.Cluster),
        "system.tablets" => CqlTabletTables.Tablets(node.Cluster),
        _ => null,
    };

    private static string Print(ImmutableArray<string> rows)
    {
        var width = rows.Select(row => row.Length).Append("[json]".Length).Max();
        var text = new StringBuilder("\n ").Append("[json]".PadLeft((width + 6) / 2)).Append('\n').Append('-', width + 2).Append('\n');
        foreach (var row in rows)
        {
            text.Append(' ').Append(row.PadLeft(width)).Append('\n');
        }

        return text.Append("\n(").Append(rows.Length).Append(" rows)").ToString();
    }

    [GeneratedRegex(
        @"^\s*SELECT\s+JSON\s+(?<columns>[\w\s,*]+?)\s+FROM\s+(?<table>\w+\.\w+)\s*;?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex SelectJson();
}
