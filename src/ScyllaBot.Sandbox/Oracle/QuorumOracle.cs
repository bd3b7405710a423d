using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Oracle;

/// <summary>
/// The judge: knows the true state of every node, shares no code with the bot, and says whether anything was lost.
/// Used inside the agenda only.
/// </summary>
internal sealed class QuorumOracle : IWorldObserver
{
    private const int MostEffects = 10_000;
    private static readonly TimeSpan _probeEvery = TimeSpan.FromSeconds(5);

    private readonly SandboxWorld _world;
    private readonly ImmutableArray<ClusterWatch> _watches;
    private readonly List<Effect> _effects = [];

    public QuorumOracle(SandboxWorld world)
    {
        _world = world;
        _watches = [.. world.Clusters.Select(cluster => new ClusterWatch(cluster))];
        world.Watch(this);
        ProbeAgain();
    }

    /// <summary>Told of each loss when it happens. Set once, before the world moves.</summary>
    public Action<ImmutableArray<Violation>>? OnLoss { get; set; }

    /// <summary>Over all clusters, or one; null when there is no such cluster.</summary>
    public Verdict? Verdict(string? cluster = null)
    {
        var verdicts = _watches
            .Where(watch => cluster is null || string.Equals(watch.Name, cluster, StringComparison.Ordinal))
            .Select(watch => watch.Verdict(Effects(watch.Name).Count()))
            .ToArray();
        return verdicts.Length == 0 ? null : verdicts.Aggregate(Both);
    }

    public IEnumerable<Effect> Effects(string? cluster) =>
        _effects.Where(effect => cluster is null || string.Equals(effect.Cluster, cluster, StringComparison.Ordinal));

    public void Reset()
    {
        _effects.Clear();
        foreach (var watch in _watches)
        {
            watch.Reset();
        }
    }

    public void NodeChanged(SimNode node)
    {
        var watch = _watches.First(w => string.Equals(w.Name, node.Id.Cluster, StringComparison.Ordinal));
        var lost = watch.Look();
        if (!lost.IsEmpty)
        {
            OnLoss?.Invoke(lost);
        }
    }

    public void EffectRecorded(Effect effect)
    {
        if (_effects.Count < MostEffects)
        {
            _effects.Add(effect);
        }
    }

    public void FaultTold(string what, Fault fault, string? node)
    {
        // A fault is no loss; what it does to a node shows in the node's state.
    }

    private static Verdict Both(Verdict a, Verdict b) => new(
        a.Healthy && b.Healthy,
        [.. a.Why, .. b.Why],
        a.QuorumEverLost || b.QuorumEverLost,
        a.PeerViewLost || b.PeerViewLost,
        a.RaftMajorityEverLost || b.RaftMajorityEverLost,
        a.MinLive is null || (b.MinLive is not null && b.MinLive.Margin() < a.MinLive.Margin()) ? b.MinLive : a.MinLive,
        a.TwoZonesEver || b.TwoZonesEver,
        Math.Max(a.MaxDown, b.MaxDown),
        new ProbeCount(a.Probes.Ok + b.Probes.Ok, a.Probes.Failed + b.Probes.Failed),
        [.. a.Violations, .. b.Violations],
        a.Effects + b.Effects);

    private void ProbeAgain() => _world.Agenda.After(_probeEvery, () =>
    {
        foreach (var watch in _watches)
        {
            watch.Probe();
        }

        ProbeAgain();
    });
}
