using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>How nodes are grouped: what may be at work together.</summary>
public enum ConcurrencyUnit
{
    /// <summary>One (dc, rack) after another, never two at once.</summary>
    Zone,

    /// <summary>The article's spelling of <see cref="Zone"/>.</summary>
    Zonal,

    /// <summary>One datacenter at a time, still zone by zone.</summary>
    Datacenter,

    /// <summary>One node at a time.</summary>
    Node,

    /// <summary>All zones at once; only where no step takes a node down.</summary>
    Cluster,
}

/// <summary>Runs node steps across the cluster: the engine keeps zones, limits, slots and the journal.</summary>
[Tag("node-workflow", "Run node tasks across the cluster", Direction.Neutral, Risk.None, Interruptible.AtCheck)]
[Example("""
    name: Restart each node
    concurrency_limit: 1
    node_tasks:
      - task: !scylla-drain
      - task: !systemd-stop-scylla-server
      - task: !systemd-start-service
          service: scylla-server
      - task: !wait-for-conditions
          conditions:
            - condition: !up-for-all-peers
              timeout_seconds: 3600
    """)]
public sealed record NodeWorkflow : IClusterTask
{
    [Description("What the operator sees")]
    public required string Name { get; init; }

    /// <value>Default zone.</value>
    [Description("How nodes are grouped")]
    public ConcurrencyUnit ConcurrencyUnit { get; init; } = ConcurrencyUnit.Zone;

    /// <value>Default 1.</value>
    [Description("Most nodes at work at once"), Range(1, 1000)]
    public int ConcurrencyLimit { get; init; } = 1;

    /// <value>Default empty: by name.</value>
    [Description("Zones in the order they are taken, as dc/rack or rack")]
    public IReadOnlyList<string> ZoneOrder { get; init; } = [];

    [Description("Steps each node goes through, in order"), MinLength(1)]
    public required IReadOnlyList<Step<NodeContext>> NodeTasks { get; init; }

    /// <value>Default (null): start scylla-server, wait until it is up for all peers (R4).</value>
    [Description("Steps that bring a node back when its own steps can not"), MinLength(1)]
    public IReadOnlyList<Step<NodeContext>>? Restore { get; init; }

    public string Title => Name;

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => context.FanOut.RunAsync(this, ct);
}
