using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>When somebody is called again (R7), and what losing the chat does (R9). A cluster may say otherwise in the inventory.</summary>
public sealed record CallSettings
{
    /// <value>Default 10 min: how long a halt waits for an acknowledgement before the on-call and the pager are called.</value>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    /// <value>Default 3 min: the same while a node is down by us.</value>
    public TimeSpan AfterDown { get; init; } = TimeSpan.FromMinutes(3);

    /// <value>Default 30 min: then again and again.</value>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(30);

    /// <value>Default null: hold in production, go on elsewhere.</value>
    public ChatLost? WhenChatIsLost { get; init; }

    /// <value>Default 15 min.</value>
    public TimeSpan ChatLostAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <value>Default 3 h, as Scylla's: where no node tells its own.</value>
    public TimeSpan HintWindow { get; init; } = TimeSpan.FromHours(3);

    /// <summary>As the cluster has it.</summary>
    public CallSettings For(Cluster cluster) => this with
    {
        After = cluster.Calls?.After ?? After,
        AfterDown = cluster.Calls?.AfterDown ?? AfterDown,
        Every = cluster.Calls?.Every ?? Every,
        WhenChatIsLost = cluster.Calls?.WhenChatIsLost ?? WhenChatIsLost
            ?? (cluster.Environment == ClusterEnvironment.Production ? ChatLost.HoldAfter : ChatLost.GoOn),
        ChatLostAfter = cluster.Calls?.ChatLostAfter ?? ChatLostAfter,
    };
}
