using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A node, whatever its process does. <paramref name="Address"/> is what it says of itself, not where it is reached.</summary>
internal sealed record NodeIdentity(
    string Cluster,
    string Name,
    string Address,
    Guid HostId,
    string Dc,
    string Rack,
    ImmutableArray<long> Tokens);
