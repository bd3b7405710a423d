namespace ScyllaBot.Core.Clusters.Import;

/// <summary>A machine that some other file tells of.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="Address">Where it is reached: an ip or a host name; null = by its name.</param>
/// <param name="User">Who logs in; null = not told.</param>
/// <param name="Cluster">Which cluster it belongs to, where the file says so.</param>
public sealed record ImportHost(string Name, string? Address, string? User, string? Cluster)
{
    public string Reached => Address ?? Name;
}

/// <summary>What reading such a file came to.</summary>
public sealed record ImportSource(ImmutableArray<ImportHost> Hosts, ImmutableArray<string> Errors);
