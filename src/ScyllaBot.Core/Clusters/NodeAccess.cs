using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Clusters;

/// <summary>What carries a call to a node's REST API and metrics (decision 6).</summary>
public enum NodeTransport
{
    /// <summary>HTTP from here.</summary>
    Direct,

    /// <summary>HTTP through a stream that <c>ssh -W</c> opens: stock Scylla listens on its own loopback only.</summary>
    Ssh,

    /// <summary>The node helper asks the node's own loopback, where sshd forbids forwarding.</summary>
    SshExec,

    /// <summary>HTTPS to the Scylla Manager agent, with its bearer token.</summary>
    Agent,
}

/// <summary>How one node is reached. Commands always go by SSH, whatever carries HTTP; simulated nodes have a door of their own.</summary>
public sealed record NodeAccess
{
    /// <value>Default ssh.</value>
    public NodeTransport Transport { get; init; } = NodeTransport.Ssh;

    /// <summary>What <c>ssh</c> is asked for; the user's ssh_config knows the rest.</summary>
    public required string SshHost { get; init; }

    public SshOptions Ssh { get; init; } = new();

    public AgentOptions Agent { get; init; } = new();
}

/// <param name="Config">An ssh_config instead of the user's own; null = theirs.</param>
/// <param name="User">Null = as ssh_config says.</param>
/// <param name="Helper">The node helper is installed (R12, R13); false = the same script is run by <c>sudo /bin/sh</c>.</param>
/// <param name="MaxSessions">Most sessions over one connection at once, as sshd's own MaxSessions [10].</param>
public sealed record SshOptions(string? Config = null, string? User = null, bool Helper = true, int MaxSessions = 8);

/// <param name="Port">Default 10001.</param>
/// <param name="Token">Its bearer token.</param>
/// <param name="Authority">File with the certificate authority that signed it; null = the system's.</param>
public sealed record AgentOptions(int Port = 10001, SecretRef? Token = null, string? Authority = null);

/// <summary>An HTTP service beside the cluster: Prometheus, Alertmanager.</summary>
/// <param name="Url">Base address.</param>
/// <param name="Headers">Name → value or secret placeholder.</param>
/// <param name="Matcher">Label matchers that pick this cluster, such as <c>cluster="messages"</c>; empty = all there is.</param>
public sealed record ServiceEndpoint(Uri Url, ImmutableSortedDictionary<string, string> Headers, ImmutableArray<SecretRef> Secrets, string Matcher = "");

/// <param name="Url">Base address, such as <c>http://127.0.0.1:5080/api/v1/</c>.</param>
/// <param name="ClusterName">The Manager's name or id of this cluster.</param>
public sealed record ManagerEndpoint(Uri Url, string ClusterName);

/// <summary>salt-api (rest_cherrypy). Without one, <c>salt-call</c> runs on the node itself.</summary>
/// <param name="Eauth">Such as <c>pam</c> or <c>sharedsecret</c>.</param>
public sealed record SaltEndpoint(Uri Url, string Username, SecretRef Password, string Eauth);

/// <summary>Where <c>ansible-playbook</c> runs: an executable on a named host, never in the bot's own process.</summary>
/// <param name="Runner">What <c>ssh</c> is asked for.</param>
/// <param name="Directory">Folder on the runner with playbooks and inventory; absolute.</param>
/// <param name="InventoryFile">Relative to the folder.</param>
public sealed record AnsibleRunner(string Runner, string Directory, string InventoryFile)
{
    /// <summary>A host to run commands on and not a member of the ring, unless the inventory has it as one.</summary>
    public Node Host(Cluster cluster)
    {
        var nowhere = new UriBuilder("http", Runner.Split('@')[^1]).Uri;
        return cluster.Find(Runner) ?? new Node(Runner, Runner, Guid.Empty, new Zone("", ""))
        {
            Api = nowhere, Metrics = nowhere, Access = new NodeAccess { SshHost = Runner },
        };
    }
}

/// <summary>Credentials for <c>cqlsh</c> on a node; null username = none are needed.</summary>
public sealed record CqlAccess(string? Username = null, SecretRef? Password = null);
