using System.Globalization;

namespace ScyllaBot.Core.Clusters;

/// <summary>How a keyspace spreads its replicas (facts 3.2).</summary>
public enum ReplicationStrategy
{
    /// <summary>A factor for each datacenter.</summary>
    NetworkTopology,

    /// <summary>One factor for all: the next nodes on the ring, whatever their rack or datacenter.</summary>
    Simple,

    /// <summary>Every node that owns tokens.</summary>
    Everywhere,

    /// <summary>Node-local: nothing to judge.</summary>
    Local,

    /// <summary>None of those, or its options can not be read: nothing can be proved about it.</summary>
    Unreadable,
}

/// <summary>A keyspace's replication options, as <c>system_schema.keyspaces.replication</c> says.</summary>
/// <param name="Strategy">The class.</param>
/// <param name="PerDatacenter">Datacenter → RF; empty unless NetworkTopology.</param>
/// <param name="Total">SimpleStrategy's one RF; 0 otherwise.</param>
/// <param name="Text">All options in one order: what is hashed and compared.</param>
public sealed record Replication(
    ReplicationStrategy Strategy, ImmutableSortedDictionary<string, int> PerDatacenter, int Total, string Text)
{
    private static readonly ImmutableSortedDictionary<string, int> None = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal);

    public static Replication Everywhere { get; } = new(ReplicationStrategy.Everywhere, None, 0, "everywhere");

    public static Replication Simple(int factor) => new(ReplicationStrategy.Simple, None, factor, $"simple={factor}");

    public static Replication Network(params IEnumerable<(string Datacenter, int Factor)> factors)
    {
        var each = factors.ToImmutableSortedDictionary(f => f.Datacenter, f => f.Factor, StringComparer.Ordinal);
        return new Replication(ReplicationStrategy.NetworkTopology, each, 0, "network:" + string.Join(',', each.Select(f => $"{f.Key}={f.Value}")));
    }

    /// <summary>From the map that CQL tells; what is not understood is unreadable, never ignored.</summary>
    public static Replication Parse(IReadOnlyDictionary<string, string> options)
    {
        var name = options.GetValueOrDefault("class", "");
        return name[(name.LastIndexOf('.') + 1)..] switch
        {
            "NetworkTopologyStrategy" => ParseNetwork(options),
            "SimpleStrategy" when Number(options.GetValueOrDefault("replication_factor")) is { } factor => Simple(factor),
            "EverywhereStrategy" => Everywhere,
            "LocalStrategy" => new Replication(ReplicationStrategy.Local, None, 0, "local"),
            _ => Unreadable(options),
        };
    }

    private static Replication ParseNetwork(IReadOnlyDictionary<string, string> options)
    {
        var factors = options.Where(o => o.Key is not "class").Select(o => (o.Key, Factor: Number(o.Value))).ToArray();
        return factors.Any(f => f.Factor is null) ? Unreadable(options) : Network(factors.Select(f => (f.Key, f.Factor!.Value)));
    }

    private static Replication Unreadable(IReadOnlyDictionary<string, string> options) => new(
        ReplicationStrategy.Unreadable, None, 0, string.Join(',', options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")));

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
