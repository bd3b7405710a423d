using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Silences one node's alerts for a short while (R28). The job renews it while it lives, so a dead bot mutes nothing; alerts about the quorum stay loud.</summary>
[Undo("the silence ends by itself, or unsilence-alerts")]
[Tag("silence-alerts", "Silence alerts", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.Silence)]
[Example("length_seconds: 900")]
public sealed record SilenceAlerts : INodeTask
{
    /// <value>Default 15 min.</value>
    [Description("How long from now, renewed while the job lives"), Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(15);

    /// <value>Default none: every alert of the node that is not about the quorum.</value>
    [Description("Only alerts of these names; none may be about the quorum"), RegularExpression("(?!(?i:.*(quorum|unavailable|split.?brain|raft)))[A-Za-z0-9_:. -]{1,200}")]
    public IReadOnlyList<string> Alerts { get; init; } = [];

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await context.Debts.OpenAsync(new Owing(
            DebtKind.Silence, context.Node.Name, $"alerts of {context.Node.Name} are silenced; renewed while the job lives", Length,
            DebtUndo.Of("unsilence-alerts", context.Node.Name, byItself: true), DebtNature.Lapses), ct);
        await AlertSilences.EnsureAsync(context, Length, Alerts, ct);
    }
}
