namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What an operator sees of the scylla process.</summary>
internal enum ProcessState
{
    /// <summary>Ended in order (or never started).</summary>
    Stopped,

    /// <summary>Executed, not yet READY for systemd.</summary>
    Starting,

    /// <summary>READY: joining, NORMAL, draining or drained.</summary>
    Running,

    /// <summary>Has its SIGTERM.</summary>
    Stopping,

    /// <summary>Killed or crashed.</summary>
    Dead,
}

/// <summary>How far the start has come; each step adds the routes of facts/scylla.md 1.3. The order is the contract.</summary>
internal enum StartPhase
{
    /// <summary>Nothing listens.</summary>
    Refused,

    /// <summary>Only Prometheus listens.</summary>
    MetricsOnly,

    /// <summary>`/system`, `/snitch/name`, `/task_manager`.</summary>
    RestListening,

    /// <summary>Host ids, tokens, gossiper, failure detector.</summary>
    TokensKnown,

    /// <summary>Streaming, raft, compaction manager.</summary>
    Services,

    /// <summary>The commit log is replayed: keyspaces, describe_ring, load. READY follows.</summary>
    TablesLoaded,

    /// <summary>The main group: operation_mode, drain, gossiping. Just before the join.</summary>
    Joining,

    /// <summary>CQL listens: native_transport, load_map, hinted_handoff.</summary>
    Serving,
}

/// <summary>`operation_mode`, in Scylla's own order, which is_starting and join_ring depend on.</summary>
internal enum OperationMode
{
    Starting,
    Joining,
    Bootstrap,
    Normal,
    Leaving,
    Decommissioned,
    Draining,
    Drained,
}
