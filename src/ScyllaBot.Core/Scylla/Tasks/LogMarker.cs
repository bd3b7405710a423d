using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>A line in the node's own journal that says what we are about to do (facts 1.19). Job, step and attempt stand in it: a repeat is seen to be one.</summary>
[Tag("log-marker", "Mark the node's journal", Direction.Neutral, Risk.Low, Interruptible.Yes)]
[Example("message: rolling restart begins")]
public sealed record LogMarker : INodeTask
{
    [Description("What to write; one line"), RegularExpression(@"[^\x00-\x1f\x7f]{1,500}")]
    public required string Message { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => context.Scylla.WriteLogAsync($"scyllabot {context.Stamp}: {Message}", ct);
}
