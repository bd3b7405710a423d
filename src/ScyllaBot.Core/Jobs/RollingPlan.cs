using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>How far the nodes are.</summary>
/// <param name="Done">Passed or skipped.</param>
/// <param name="Working">In a slot now.</param>
/// <param name="Begun">Neither done nor in a slot, but begun earlier: they go first.</param>
public sealed record RollingProgress(ImmutableSortedSet<string> Done, ImmutableSortedSet<string> Working, ImmutableSortedSet<string> Begun);

/// <summary>A reason why a node may not start now, or null. Pure.</summary>
public interface IRollingConstraint
{
    string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress);
}

/// <summary>"Which node next?" as a pure function of targets, unit, limit and progress. Unit and limit only tighten availability (decision 10).</summary>
public sealed class RollingPlan
{
    /// <summary>Every vote, in the order in which their reasons are given.</summary>
    public static readonly ImmutableArray<IRollingConstraint> Constraints = [new NotAgain(), new OneWaveAtATime(), new WithinLimit(), new BegunFirst()];

    private readonly ImmutableArray<IRollingConstraint> _votes;

    private RollingPlan(ImmutableArray<PlanWave> waves, ImmutableArray<TargetNode> nodes, ImmutableArray<IRollingConstraint> votes) =>
        (Waves, Nodes, _votes) = (waves, nodes, votes);

    /// <summary>In order.</summary>
    public ImmutableArray<PlanWave> Waves { get; }

    /// <summary>In the order they are taken.</summary>
    public ImmutableArray<TargetNode> Nodes { get; }

    /// <summary>A node workflow's own, with its batches.</summary>
    public static RollingPlan Of(IEnumerable<TargetNode> nodes, NodeWorkflow workflow, ImmutableArray<IRollingConstraint> votes = default) =>
        Of(nodes, workflow.ConcurrencyUnit, workflow.ConcurrencyLimit, workflow.ZoneOrder, votes).InBatches(workflow, nodes);

    /// <param name="targets">In any order.</param>
    /// <param name="unit">Zone and datacenter: one zone after another, one datacenter finished before the next (R24).</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="zoneOrder">Zones that go first, as dc/rack or rack.</param>
    /// <param name="votes">Default: <see cref="Constraints"/>.</param>
    public static RollingPlan Of(IEnumerable<TargetNode> targets, ConcurrencyUnit unit, int limit, IReadOnlyList<string> zoneOrder, ImmutableArray<IRollingConstraint> votes = default)
    {
        var units = FailureDomains.Of(targets)
            .OrderBy(u => u.Datacenter, StringComparer.Ordinal).ThenBy(u => u.Zones.Min(z => Rank(z, zoneOrder))).ThenBy(u => u.Zones[0]).ToArray();
        var ordered = units.SelectMany(u => u.InOrder(z => Rank(z, zoneOrder))).ToImmutableArray();
        var perWave = unit == ConcurrencyUnit.Node ? 1 : limit;
        ImmutableArray<PlanWave> waves = unit == ConcurrencyUnit.Cluster && ordered.Length > 0
            ? [new PlanWave(ordered[0].Zone, [.. ordered.Select(n => n.Name)], limit) { Label = string.Join(", ", ordered.Select(n => n.Zone).Distinct()) }]
            : [.. units.Select(u => u.Wave(z => Rank(z, zoneOrder), perWave))];
        return new RollingPlan(waves, ordered, votes.IsDefault ? Constraints : votes);
    }

    /// <summary>The same waves cut where a batch ends: within each the zones come one after another again.</summary>
    private RollingPlan InBatches(NodeWorkflow workflow, IEnumerable<TargetNode> nodes)
    {
        if (Batches.Of(workflow) is not { } batches)
        {
            return this;
        }

        var known = nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        var cut = batches.Cut([.. Waves.Select(w => (w.Zone.Datacenter, w.Nodes.Select(n => known[n]).ToImmutableArray()))]);
        ImmutableArray<PlanWave> waves =
        [
            .. cut.SelectMany((batch, i) => batch.GroupBy(n => WaveOf(n.Name)).OrderBy(g => g.Key).Select(g =>
                Waves[g.Key] with { Zone = g.First().Zone, Nodes = [.. g.Select(n => n.Name)], Batch = i + 1 })),
        ];
        return new RollingPlan(waves, [.. waves.SelectMany(w => w.Nodes).Select(n => known[n])], _votes);
    }

    /// <returns>From 1; 0 where it is not cut into batches.</returns>
    public int BatchOf(string node) => Waves[WaveOf(node)].Batch;

    /// <summary>The same with one vote more, asked last.</summary>
    public RollingPlan With(IRollingConstraint vote) => new(Waves, Nodes, _votes.Add(vote));

    /// <summary>Nodes to start now, in order.</summary>
    public ImmutableArray<TargetNode> Next(RollingProgress progress)
    {
        var chosen = ImmutableArray.CreateBuilder<TargetNode>();
        foreach (var candidate in Nodes.OrderBy(n => progress.Begun.Contains(n.Name) ? 0 : 1))
        {
            if (WhyNot(candidate, progress) is null)
            {
                chosen.Add(candidate);
                progress = progress with { Working = progress.Working.Add(candidate.Name), Begun = progress.Begun.Remove(candidate.Name) };
            }
        }

        return chosen.ToImmutable();
    }

    /// <returns>Null: it may start now. Otherwise the first constraint that votes no, with its reason.</returns>
    public string? WhyNot(TargetNode candidate, RollingProgress progress) =>
        _votes.Select(c => c.WhyNot(candidate, this, progress)).FirstOrDefault(why => why is not null);

    private int WaveOf(string node) => Waves.Select((w, i) => (w, i)).First(x => x.w.Nodes.Contains(node, StringComparer.Ordinal)).i;

    private static int Rank(Zone zone, IReadOnlyList<string> order)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (string.Equals(order[i], zone.ToString(), StringComparison.Ordinal) || string.Equals(order[i], zone.Rack, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return order.Count;
    }

    private sealed class NotAgain : IRollingConstraint
    {
        public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress) =>
            progress.Done.Contains(candidate.Name) ? "done" : progress.Working.Contains(candidate.Name) ? "at work" : null;
    }

    private sealed class OneWaveAtATime : IRollingConstraint
    {
        public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress)
        {
            var wave = plan.WaveOf(candidate.Name);
            var busy = progress.Working.Union(progress.Begun).Where(n => !progress.Done.Contains(n) && plan.WaveOf(n) != wave).ToArray();
            if (busy.Length > 0)
            {
                return plan.Waves[plan.WaveOf(busy[0])] is { Batch: > 0 } other && other.Label == plan.Waves[wave].Label
                    ? $"batch {other.Batch} is at work ({string.Join(", ", busy)})"
                    : $"zone {plan.Waves[plan.WaveOf(busy[0])].Label} is at work ({string.Join(", ", busy)}): never two zones at once";
            }

            var earlier = plan.Waves.Take(wave).SelectMany(w => w.Nodes).Where(n => !progress.Done.Contains(n)).ToArray();
            return earlier.Length > 0 ? $"{earlier.Length} nodes of earlier zones come first" : null;
        }
    }

    private sealed class WithinLimit : IRollingConstraint
    {
        public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress)
        {
            var limit = plan.Waves[plan.WaveOf(candidate.Name)].Limit;
            return progress.Working.Count >= limit ? $"{progress.Working.Count} of at most {limit} {(limit == 1 ? "node" : "nodes")} at work" : null;
        }
    }

    private sealed class BegunFirst : IRollingConstraint
    {
        public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress)
        {
            var limit = plan.Waves[plan.WaveOf(candidate.Name)].Limit;
            return !progress.Begun.Contains(candidate.Name) && progress.Working.Count + progress.Begun.Count >= limit
                ? $"{string.Join(", ", progress.Begun)} begun earlier and go first" : null;
        }
    }
}
