using System.Collections.Immutable;
using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What a simulated cluster consists of before anything runs.</summary>
internal sealed record ClusterPlan(string Name, ImmutableArray<NodeIdentity> Nodes, ImmutableArray<Keyspace> Keyspaces)
{
    private const int TokensPerNode = 16;

    /// <summary>Machines that are set up and no members.</summary>
    public ImmutableArray<NodeIdentity> Spares { get; init; } = [];

    /// <summary>It is made to be fed from this cluster, by the mirror beside it; its machines are made by a provisioner. Null: neither.</summary>
    public string? ShadowOf { get; init; }

    /// <summary>Nine nodes in three racks, vnodes only.</summary>
    public static ClusterPlan MessagesStaging(Dice dice) => Messages("messages-stg", "10.0.1.", dice);

    /// <summary>The same under another name.</summary>
    public static ClusterPlan Messages(string name, string network, Dice dice)
    {
        var nodes = MakeNodes(name, network, ["b", "c", "d"], perRack: 3, dice);
        return new ClusterPlan(name, nodes,
        [
            new Keyspace("discord", Strategy.NetworkTopology, 3, Vnodes("messages", "channel_read_states", "message_attachments")),
            .. SystemKeyspaces(),
        ]);
    }

    /// <summary>Six nodes in three racks; the user's keyspace has tablets.</summary>
    public static ClusterPlan SearchStaging(Dice dice)
    {
        var nodes = MakeNodes("search-stg", "10.0.2.", ["a", "b", "c"], perRack: 2, dice);
        return new ClusterPlan("search-stg", nodes,
        [
            new Keyspace("search", Strategy.NetworkTopology, 3,
                [Tablets("index_entries", 16, nodes, dice), Tablets("guild_shards", 8, nodes, dice)]),
            .. SystemKeyspaces(),
        ]);
    }

    /// <summary>Nodes that somebody else names, one process each.</summary>
    public static ClusterPlan Of(string cluster, IEnumerable<Member> members, Dice dice) => new(
        cluster,
        [.. members.Select(member => Node(cluster, member.Name, member.Address, member.Dc, member.Rack, dice))],
        [
            new Keyspace("discord", Strategy.NetworkTopology, 3, Vnodes("messages", "channel_read_states", "message_attachments")),
            .. SystemKeyspaces(),
        ]);

    /// <summary>Thirty nodes in three racks; one keyspace of vnodes and one of tablets.</summary>
    public static ClusterPlan GuildsStaging(Dice dice)
    {
        var nodes = MakeNodes("guilds-stg", "10.0.3.", ["b", "c", "d"], perRack: 10, dice);
        return new ClusterPlan("guilds-stg", nodes,
        [
            new Keyspace("guilds", Strategy.NetworkTopology, 3, Vnodes("guilds", "members")),
            new Keyspace("audit_log", Strategy.NetworkTopology, 3, [Tablets("entries", 64, nodes, dice)]),
            .. SystemKeyspaces(),
        ]);
    }

    /// <summary>A machine for each rack of another cluster, none of them made yet: a cluster that is to be fed from that one.</summary>
    public static ClusterPlan Shadow(string name, string network, ClusterPlan source, Dice dice)
    {
        var like = source.Nodes[0];
        var racks = source.Nodes.Select(node => node.Rack).Distinct(StringComparer.Ordinal).ToArray();
        return new ClusterPlan(name, [], source.Keyspaces)
        {
            ShadowOf = source.Name,
            Spares = [.. racks.Select((rack, i) => Node(name, $"scylla-{name}-{like.Dc}-{rack}-1", $"{network}{i + 1}", like.Dc, rack, dice))],
        };
    }

    /// <summary>The same with one more machine in a rack, that is no member yet.</summary>
    /// <param name="rack">Where.</param>
    /// <param name="dice">Whose.</param>
    /// <param name="called">Its number; null = the next one.</param>
    public ClusterPlan WithSpare(string rack, Dice dice, int? called = null)
    {
        var like = Nodes.First(node => string.Equals(node.Rack, rack, StringComparison.Ordinal));
        var number = called ?? Nodes.Concat(Spares).Count(node => string.Equals(node.Rack, rack, StringComparison.Ordinal)) + 1;
        var address = $"{like.Address[..like.Address.LastIndexOf('.')]}.{Nodes.Length + Spares.Length + 101}";
        var name = $"{like.Name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')}{number}";
        var spare = Node(Name, name, address, like.Dc, rack, dice);
        return this with { Spares = Spares.Add(spare with { Tokens = [.. spare.Tokens.Take(like.Tokens.Length)] }) };
    }

    private static ImmutableArray<NodeIdentity> MakeNodes(
        string cluster, string network, ImmutableArray<string> racks, int perRack, Dice dice)
    {
        const string Dc = "us-east1";
        var nodes = ImmutableArray.CreateBuilder<NodeIdentity>();
        foreach (var rack in racks)
        {
            for (var i = 1; i <= perRack; i++)
            {
                nodes.Add(Node(cluster, $"scylla-{cluster}-{Dc}-{rack}-{i}", network + (nodes.Count + 1), Dc, rack, dice));
            }
        }

        return nodes.ToImmutable();
    }

    private static NodeIdentity Node(string cluster, string name, string address, string dc, string rack, Dice dice) => new(
        cluster,
        name,
        address,
        dice.Uuid(name + "/host-id"),
        dc,
        rack,
        [.. Enumerable.Range(0, TokensPerNode).Select(i => dice.Token($"{name}/token/{i}")).Order()]);

    private static ImmutableArray<Keyspace> SystemKeyspaces() =>
    [
        new Keyspace("system_distributed", Strategy.NetworkTopology, 3, Vnodes("service_levels", "view_build_status")),
        new Keyspace("system_traces", Strategy.Simple, 2, Vnodes("events", "sessions")),
        new Keyspace("system", Strategy.Local, 1, Vnodes("local", "peers", "raft_state", "topology")),
        new Keyspace("system_schema", Strategy.Local, 1, Vnodes("columns", "keyspaces", "tables")),
    ];

    private static ImmutableArray<Table> Vnodes(params ReadOnlySpan<string> names)
    {
        var tables = ImmutableArray.CreateBuilder<Table>(names.Length);
        foreach (var name in names)
        {
            tables.Add(Table.OfVnodes(name));
        }

        return tables.MoveToImmutable();
    }

    /// <summary>Equal slices of the ring, each with one replica in every rack, on a seeded node of it.</summary>
    private static Table Tablets(string name, int count, ImmutableArray<NodeIdentity> nodes, Dice dice)
    {
        var racks = nodes.GroupBy(node => node.Rack, StringComparer.Ordinal).Select(rack => rack.ToArray()).ToArray();
        var tablets = ImmutableArray.CreateBuilder<Tablet>(count);
        var slice = ulong.MaxValue / (ulong)count;
        for (var i = 0; i < count; i++)
        {
            var last = i == count - 1 ? long.MaxValue : (long)(slice * (ulong)(i + 1)) ^ long.MinValue;
            tablets.Add(new Tablet(last, [.. racks.Select(rack => rack[dice.Whole($"{name}/{i}/{rack[0].Rack}", 0, rack.Length - 1)])]));
        }

        return new Table(name, tablets.MoveToImmutable());
    }
}
