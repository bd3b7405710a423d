namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Who asked for a change: the bot's step (header `X-ScyllaBot-Step`, or the exec body) and the command's receipt.</summary>
internal sealed record Cause(string? Step, string? Receipt)
{
    public static Cause Nobody { get; } = new(null, null);
}

/// <summary>A real change of state on a node. A repeat that finds the work done is not one.</summary>
/// <param name="Kind">drain, stop, start, kill, power-on, cql-on, cql-off, gossip-on, flush, snapshot, cleanup, repair, manager-suspend …; of the machine reboot, sighup, enable, install NAME, write PATH …; each named where it happens.</param>
internal sealed record Effect(DateTimeOffset At, int Seq, string Cluster, string Node, string Kind, string? Step, string? Receipt);
