using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>What tablet balancing is to be.</summary>
public enum BalancingWish
{
    On,
    Off,

    /// <summary>As it was before this job first set it.</summary>
    AsFound,
}

/// <summary>
/// Switches the balancing of tablets, cluster-wide and persistent (facts 1.18). Off waits for the migrations that run. The job remembers what it
/// found, so that <c>as_found</c> leaves it as it was (R26, facts 7.32).
/// </summary>
[Undo("set as_found puts back what was found")]
[Tag("tablet-balancing", "Set tablet balancing", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.TabletBalancing)]
[Pays(DebtKind.TabletBalancing)]
[Example("set: off")]
public sealed record TabletBalancing : IClusterTask
{
    private const string Memory = "tablet-balancing";
    private const string Unknown = "unknown";

    [Description("What it is to be; as_found puts back what this job found")]
    public required BalancingWish Set { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var node = await Witness.OfAsync(context, ct);
        var now = (await TopologyView.ReadAsync(context, node, ct))?.Balancing;
        if (now is null)
        {
            context.Log.Write("Warning: CQL does not tell whether balancing is on");
        }

        var found = await FoundValue.KeepAsync(context, Memory, now is { } known ? Word(known) : Unknown, ct);
        if (Set == BalancingWish.AsFound && found == Unknown)
        {
            // Switching on what somebody had deliberately switched off is no way to put things back.
            throw new UnrecoverableException("it is not known how tablet balancing was found, for CQL did not tell: set it on or off");
        }

        var wanted = Set == BalancingWish.AsFound ? found == "on" : Set == BalancingWish.On;
        if (now == wanted)
        {
            context.Log.Write($"Tablet balancing is {Word(wanted)} already");
        }
        else
        {
            context.Log.Write($"Tablet balancing was found {found}; setting it {Word(wanted)}");
        }

        if (!wanted && now != false && found != "off")
        {
            // Where nobody knows how it was found, only people may say what it is to be.
            await context.Debts.OpenAsync(new Owing(
                DebtKind.TabletBalancing, "", $"tablet balancing is off, and was found {found}", TimeSpan.FromHours(24),
                DebtUndo.Of("tablet-balancing", null, byItself: found == "on", ("set", "on"))), ct);
        }

        // Also when it is off already: another's call may have begun, and only the answer says that nothing migrates any more.
        if (now != wanted || !wanted)
        {
            await context.Api(node).SetTabletBalancingAsync(wanted, ct);
        }

        if ((await TopologyView.ReadAsync(context, node, ct))?.Balancing is { } after && after != wanted)
        {
            throw new RecoverableException($"tablet balancing was set {Word(wanted)}, and {node.Name} says it is {Word(after)}");
        }

        if (Set == BalancingWish.AsFound)
        {
            await FoundValue.ForgetAsync(context, Memory, ct);
        }

        if (wanted || Set == BalancingWish.AsFound)
        {
            await context.Debts.PayAsync(DebtKind.TabletBalancing, "", ct);
        }
    }

    private static string Word(bool on) => on ? "on" : "off";
}
