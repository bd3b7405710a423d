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

/// <summary>What a batch of nodes consists of.</summary>
public enum BatchBy
{
    /// <summary>The next nodes of the order in which they are taken.</summary>
    Order,

    /// <summary>One node of each zone in turn, so that a first batch of one a zone is a canary of every zone.</summary>
    AcrossZones,
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

    /// <value>Default targets: what the job was asked for. Ring: all that are in it when the step begins.</value>
    [Description("Which nodes: targets, ring, ring_except_targets, or names"), OneOrMany, MinLength(1)]
    public IReadOnlyList<string> Nodes { get; init; } = [NodeSelection.Targets];

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

    /// <value>Default none: all in one batch. The last one repeats; a share is of all its nodes, rounded up.</value>
    [Description("How many nodes go before the next stop, such as [1, 3, 30%]"), RegularExpression("[1-9][0-9]{0,3}|([1-9][0-9]?|100)%"), MinLength(1)]
    public IReadOnlyList<string>? Batches { get; init; }

    /// <value>Default order: cut from the order in which nodes are taken anyway.</value>
    [Description("What goes into a batch; across_zones takes one node of each zone in turn")]
    public BatchBy BatchBy { get; init; } = BatchBy.Order;

    [Description("Cluster steps after every batch but the last, when no node is down")]
    public IReadOnlyList<Step<ClusterContext>> BetweenBatches { get; init; } = [];

    [Description("Cluster steps before its last node begins, when no node is down")]
    public IReadOnlyList<Step<ClusterContext>> BeforeLastNode { get; init; } = [];

    /// <value>Default 0: the first failure halts.</value>
    [Description("So many nodes may fail, while they are not down by us, and are given up; one more halts"), Range(0, 1000)]
    public int MaxFailedNodes { get; init; }

    /// <value>Default none: every node is gone over.</value>
    [Description("A node of which all of these hold is passed over")]
    public IReadOnlyList<Criterion<NodeContext>> SkipWhen { get; init; } = [];

    /// <value>Default false.</value>
    [Description("Several nodes may move data at once: needed for that with a limit above 1")]
    public bool AllowParallelDataMovement { get; init; }

    public string Title => Name;

    internal bool TakesDown => NodeTasks.Any(s => s.Tag.Direction == Direction.TakesDown);

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => context.FanOut.RunAsync(this, ct);
}
