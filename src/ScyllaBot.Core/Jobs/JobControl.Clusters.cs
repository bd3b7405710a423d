using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    public async Task<MatrixAnswer?> MatrixAsync(string cluster, CancellationToken ct)
    {
        if (Inventory.Find(cluster) is not { } found)
        {
            return null;
        }

        var snapshot = await planner.LookAsync(found, ct);
        return new MatrixAnswer(
            found.Name, snapshot.At, ViewMatrix.Of(snapshot, HeldOn(found.Name)),
            [.. snapshot.Views.Select(v => new MatrixRow(v.Node.Name, v.Mode, v.Cql, v.Serves, SeenDown(snapshot, v), v.Uptime?.TotalSeconds))],
            [.. snapshot.DownInAnyView()]);
    }

    public async Task<(SafeAnswer? Answer, ImmutableArray<string> Wrong)> SafeAsync(string cluster, ImmutableArray<string> nodes, CancellationToken ct)
    {
        if (Inventory.Find(cluster) is not { } found)
        {
            return (null, [$"No cluster {Hint.Quoted(cluster)}. {Hint.Of(cluster, Inventory.Clusters.Select(c => c.Name))}"]);
        }

        if (nodes.IsDefaultOrEmpty)
        {
            return (null, ["Name the nodes: would they be missed together?"]);
        }

        var (chosen, wrong) = TargetSelection.Of(found, new Target.Named(nodes));
        if (!wrong.IsEmpty)
        {
            return (null, wrong);
        }

        try
        {
            return (await SafeAsync(found, chosen, ct), []);
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return (null, [$"The cluster could not be read: {unreadable.Message}. Without an answer nothing is safe; ask again when it answers."]);
        }
    }

    private async Task<SafeAnswer> SafeAsync(Cluster cluster, ImmutableArray<Node> chosen, CancellationToken ct)
    {
        var snapshot = await planner.LookAsync(cluster, ct);
        cluster = snapshot.Cluster;
        var names = chosen.Select(n => n.Name).Where(n => cluster.Find(n)!.IsInRing).ToImmutableSortedSet(StringComparer.Ordinal);
        if (cluster.IsUnborn)
        {
            return new SafeAnswer(cluster.Name, [.. names], true, null, [], [.. names], true, false, 0, [.. PlanVerdict.Policy(cluster)]);
        }

        var availability = await AvailabilityReader.ReadAsync(cluster, snapshot, ports.Http, ports.Commands, null, ct);
        var down = snapshot.DownInAnyView().Union(HeldOn(cluster.Name).Where(n => cluster.Find(n) is { IsInRing: true }));
        var why = availability.WhyNot(down.Union(names));
        var largest = availability.LargestSafe(names, down);
        return new SafeAnswer(
            cluster.Name, [.. names], why is null, why, [.. down], largest.Nodes, largest.IsLargest, availability.IsDegraded, availability.RangeCount,
            [.. PlanVerdict.Policy(cluster)]);
    }

    private ImmutableSortedSet<string> HeldOn(string cluster) =>
        engine.Runs.Select(r => r.Job).Where(j => j.IsOpen && j.Cluster == cluster).SelectMany(j => j.Held.Keys).ToImmutableSortedSet(StringComparer.Ordinal);

    private static ImmutableArray<string>? SeenDown(ClusterSnapshot snapshot, NodeView view) =>
        view.Down is null ? null : [.. snapshot.Members.Where(v => view.SeesDown(v.Node)).Select(v => v.Node.Name)];
}
