using System.Collections.Immutable;
using System.Net;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>One process of a cluster of processes.</summary>
internal sealed record PeerOptions(string Name, string Cluster, ImmutableArray<Member> Members)
{
    /// <summary>How many times faster than a real node it starts, drains and settles.</summary>
    public double Pace { get; init; } = 6;

    public long Seed { get; init; } = 1;

    /// <summary>`scylla.yaml`; read at the start and at SIGHUP.</summary>
    public required string Config { get; init; }

    /// <summary>Where the node keeps what outlasts the process.</summary>
    public required string State { get; init; }

    public required string Version { get; init; }

    /// <summary>Where this node listens for its peers and for cqlsh; null: at its address, ports 7000 and 9042.</summary>
    public IPEndPoint? Internode { get; init; }

    /// <summary>Where a peer listens; null: at its address, port 7000.</summary>
    public Func<string, Uri>? Where { get; init; }

    /// <summary>Silence after which a peer is DOWN. 20 s in Scylla; never less than eight, for nine of these share a busy machine.</summary>
    public TimeSpan Silence => TimeSpan.FromSeconds(Math.Max(8, 20 / Pace));
}
