namespace ScyllaBot.Core.Jobs;

/// <summary>The pass ends here: the job is not running any more, or the step halted it. Everything needed is in the journal.</summary>
internal sealed class ParkedException(string why) : Exception(why)
{
    /// <summary>A long step ended between two of its units (R18): nothing of it is under way.</summary>
    public bool IsAtSeam { get; init; }
}

/// <summary>The node's remaining steps are dropped (<c>on_failure: skip_node</c>).</summary>
internal sealed class NodeSkippedException(string why) : Exception(why);
