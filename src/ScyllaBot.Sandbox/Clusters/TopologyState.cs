namespace ScyllaBot.Sandbox.Clusters;

/// <summary>`node_state` in `system.topology`.</summary>
internal enum RingState
{
    /// <summary>No member, and none that asks to be one yet.</summary>
    None,
    Bootstrapping,
    Replacing,
    Normal,
    Decommissioning,
    Removing,
    Rebuilding,

    /// <summary>Was a member, and never will be again with this host id.</summary>
    Left,
}

/// <summary>`cleanup_status` in `system.topology` (facts/scylla.md 1.13).</summary>
internal enum CleanupStatus
{
    Clean,
    Needed,
    Running,
}

/// <summary>A row of `system.topology_requests`.</summary>
/// <param name="Type">`join`, `leave`, `remove`, `replace` or `rebuild`.</param>
/// <param name="Node">Whom it is about.</param>
internal sealed record TopologyRequest(Guid Id, string Type, SimNode Node, SimNode Initiator, DateTimeOffset Start)
{
    public DateTimeOffset? End { get; set; }

    public string Error { get; set; } = "";

    public bool Done => End is not null;
}
