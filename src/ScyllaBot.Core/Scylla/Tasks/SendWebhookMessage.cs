using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Says something to people. A cluster task, so it also fits between node steps.</summary>
[Tag("send-webhook-message", "Send a message", Direction.Neutral, Risk.Low, Interruptible.Yes)]
[Example("""
    channels: [infra-doing]
    message: Restarting the nodes
    """)]
public sealed record SendWebhookMessage : IClusterTask
{
    [Description("Channel names from the configuration"), MinLength(1)]
    public required IReadOnlyList<string> Channels { get; init; }

    [Description("What to say; plain text")]
    public required string Message { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => context.Announce.SayAsync(Channels, Message, ct);
}
