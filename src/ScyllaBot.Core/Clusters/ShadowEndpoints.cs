namespace ScyllaBot.Core.Clusters;

/// <summary>The executable that makes and destroys a cluster's machines (docs/shadow-cluster.md): on a named host, never in the bot's own process.</summary>
/// <param name="Runner">What <c>ssh</c> is asked for.</param>
/// <param name="Program">Its path on the runner; absolute.</param>
/// <param name="Settings">Handed to it as they are; no secrets, which it has of its own.</param>
/// <param name="Commands">The simulated command channel of the runner; the sandbox only.</param>
public sealed record ProvisionerProgram(string Runner, string Program, ImmutableSortedDictionary<string, string> Settings, Uri? Commands)
{
    /// <summary>The host it runs on: no member of any ring.</summary>
    public Node Host(Cluster cluster)
    {
        var nowhere = new UriBuilder("http", Runner.Split('@')[^1]).Uri;
        var ssh = cluster.Nodes.Select(n => n.Access?.Ssh).FirstOrDefault(s => s is not null) ?? new SshOptions();
        return new Node(Runner, Runner, Guid.Empty, new Zone("", ""))
        {
            Api = nowhere, Metrics = nowhere, Commands = Commands, Access = Commands is not null ? null : new NodeAccess { SshHost = Runner, Ssh = ssh },
        };
    }
}
