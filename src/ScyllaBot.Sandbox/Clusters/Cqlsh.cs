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
    public static CommandResult Run(SimNode node, string? statement)
    {
        if (!node.Cql)
        {
            return new CommandResult(
                1,
                $"Connection error: ('Unable to connect to any servers', {{'{node.Id.Address}:9042': "
                + $"ConnectionRefusedError(111, \"Tried connecting to [('{node.Id.Address}', 9042)]. Last error: Connection refused\")}})");
        }

        var match = SelectJson().Match(statement ?? "");
        if (!match.Success)
        {
            return new CommandResult(2, "<stdin>:1:SyntaxException: the sandbox's cqlsh only knows SELECT JSON columns FROM table");
        }

        var table = match.Groups["table"].Value.ToLowerInvariant();
        if ((table is "system.config" ? Config(node) : Rows(node.Cluster, table)) is not { } rows)
        {
            return InvalidQuery($"unconfigured table {table}");
        }

        var columns = match.Groups["columns"].Value.Trim();
        string[] wanted = columns is "*" ? [] : columns.Split(',', StringSplitOptions.TrimEntries);
        var unknown = wanted.FirstOrDefault(column => Find(rows[0], column) is null);
        return unknown is null
            ? new CommandResult(0, Print([.. rows.Select(row => Json(row, wanted))]))
            : InvalidQuery($"Unrecognized name {unknown}");
    }

    private static CommandResult InvalidQuery(string message) =>
        new(2, $"<stdin>:1:InvalidRequest: Error from server: code=2200 [Invalid query] message=\"{message}\"");

    private static Cell? Find(List<Cell> row, string column) =>
        row.Find(cell => string.Equals(cell.Name, column, StringComparison.Ordinal));

    private static ImmutableArray<List<Cell>>? Rows(SimCluster cluster, string table) => table switch
    {
        "system_schema.keyspaces" => [.. cluster.Keyspaces.Select(Keyspace)],
        "system_schema.tables" => [.. cluster.Keyspaces.SelectMany(ks => ks.Tables.Select(t => TableRow(ks, t)))],
        "system.raft_state" => [.. cluster.Raft.Voters.Select(voter => Member(voter, votes: true)).Concat(
            cluster.Nodes.Except(cluster.Raft.Voters).Select(node => Member(node, votes: false)))],
        "system.topology" => [.. cluster.Nodes.Select(node => Topology(cluster, node))],
        _ => null,
    };

    private static ImmutableArray<List<Cell>>? Config(SimNode node) => [.. ConfigOption.All.Select(option => new List<Cell>
    {
        new("name", Quote(option.Name)),
        new("source", Quote(node.Machine.Config.Source(option.Name))),
        new("type", Quote(option.Type.ToString().ToLowerInvariant())),
        new("value", System.Text.Json.JsonSerializer.Serialize(node.Machine.Config.Value(option.Name))),
    })];

    private static List<Cell> Keyspace(Keyspace keyspace)
    {
        var options = keyspace.Strategy switch
        {
            Strategy.Simple => $", \"replication_factor\": \"{keyspace.Rf}\"",
            Strategy.NetworkTopology => $", \"us-east1\": \"{keyspace.Rf}\"",
            _ => "",
        };
        var type = keyspace.Strategy switch
        {
            Strategy.Simple => "SimpleStrategy",
            Strategy.NetworkTopology => "NetworkTopologyStrategy",
            _ => "LocalStrategy",
        };
        return
        [
            new("keyspace_name", Quote(keyspace.Name)),
            new("durable_writes", "true"),
            new("replication", $"{{\"class\": \"org.apache.cassandra.locator.{type}\"{options}}}"),
        ];
    }

    private static List<Cell> TableRow(Keyspace keyspace, Table table) =>
        [new("keyspace_name", Quote(keyspace.Name)), new("table_name", Quote(table.Name))];

    private static List<Cell> Member(SimNode node, bool votes) =>
    [
        new("server_id", Quote(node.Id.HostId.ToString())),
        new("can_vote", votes ? "true" : "false"),
        new("disposition", Quote("CURRENT")),
    ];

    private static List<Cell> Topology(SimCluster cluster, SimNode node) =>
    [
        new("key", Quote("topology")),
        new("host_id", Quote(node.Id.HostId.ToString())),
        new("datacenter", Quote(node.Id.Dc)),
        new("rack", Quote(node.Id.Rack)),
        new("node_state", Quote("normal")),
        new("cleanup_status", Quote("clean")),
        new("tablet_balancing_enabled", cluster.Balancing ? "true" : "false"),
        new("transition_state", "null"),
    ];

    private static string Quote(string text) => $"\"{text}\"";

    private static string Json(List<Cell> row, string[] wanted)
    {
        var cells = wanted.Length == 0 ? row : wanted.Select(name => Find(row, name)!);
        return $"{{{string.Join(", ", cells.Select(cell => $"\"{cell.Name}\": {cell.Value}"))}}}";
    }

    private static string Print(ImmutableArray<string> rows)
    {
        var width = rows.Select(row => row.Length).Append("[json]".Length).Max();
        var text = new StringBuilder("\n ").Append("[json]".PadLeft((width + 6) / 2)).Append('\n').Append('-', width + 2).Append('\n');
        foreach (var row in rows)
        {
            text.Append(' ').Append(row.PadLeft(width)).Append('\n');
        }

        return text.Append("\n(").Append(rows.Length).Append(rows.Length == 1 ? " row)" : " rows)").ToString();
    }

    [GeneratedRegex(
        @"^\s*SELECT\s+JSON\s+(?<columns>[\w\s,*]+?)\s+FROM\s+(?<table>\w+\.\w+)\s*;?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex SelectJson();

    /// <summary><paramref name="Value"/> is JSON text.</summary>
    private sealed record Cell(string Name, string Value);
}
