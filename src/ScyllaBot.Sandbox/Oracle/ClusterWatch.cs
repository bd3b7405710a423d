using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Oracle;

/// <summary>The oracle's eye on one cluster: every range of every keyspace that counts, judged anew at every change.</summary>
internal sealed class ClusterWatch
{
    /// <summary>The list is for a human; the counters stay exact beyond it.</summary>
    private const int MostViolations = 1000;

    private readonly SimCluster _cluster;
    private ImmutableArray<WatchedRange> _ranges;
    private int _placement;
    private readonly List<Violation> _violations = [];
    private bool _balancingAsFound;
    private bool _quorumLost;
    private bool _viewLost;
    private bool _raftLost;
    private bool _twoZones;
    private bool _isBorn;
    private readonly int _replicas;
    private int _maxDown;
    private MinLive? _minLive;
    private long _probesOk;
    private long _probesFailed;
    private int _nextCoordinator;

    public ClusterWatch(SimCluster cluster)
    {
        _cluster = cluster;
        _replicas = cluster.Keyspaces.Where(ks => ks.Strategy != Strategy.Local).Select(ks => ks.Rf).DefaultIfEmpty(1).Max();
        (_ranges, _placement) = ([.. Watched(cluster)], cluster.Placement);
        Reset();
    }

    public string Name => _cluster.Name;

    public void Reset()
    {
        _violations.Clear();
        _balancingAsFound = _cluster.Balancing;
        _quorumLost = _viewLost = _raftLost = _twoZones = false;
        _maxDown = 0;
        _minLive = null;
        _probesOk = _probesFailed = 0;
        foreach (var range in _ranges)
        {
            range.QuorumLost = range.ViewLost = false;
        }

        Look();
    }

    /// <summary>Judges the present state; returns what has just been lost.</summary>
    public ImmutableArray<Violation> Look()
    {
        Follow();
        var serving = _cluster.Nodes.Where(node => node.Serves).ToHashSet();

        // A ring that never had as many nodes as replicas could answer nobody and has lost nothing; one whose machines are gone is none.
        _isBorn = _cluster.Nodes.Length > 0 && (_isBorn || serving.Count >= Math.Min(_replicas, _cluster.Machines.Length));
        if (!_isBorn)
        {
            return [];
        }

        var seen = serving.Where(node => MostSeeUp(node, serving)).ToHashSet();
        var down = _cluster.Owners.Where(node => !serving.Contains(node)).ToArray();
        _maxDown = Math.Max(_maxDown, down.Length);
        _twoZones |= down.Select(node => (node.Id.Dc, node.Id.Rack)).Distinct().Count() > 1;
        _raftLost |= !_cluster.Raft.HasMajority;

        var lost = ImmutableArray.CreateBuilder<Violation>();
        foreach (var range in _ranges)
        {
            Judge(range, serving, seen, lost);
        }

        _violations.AddRange(lost.Take(MostViolations - _violations.Count));
        Probe();
        return lost.ToImmutable();
    }

    /// <summary>One LOCAL_QUORUM request for each range through the next serving coordinator, by that coordinator's own view.</summary>
    public void Probe()
    {
        var coordinators = _cluster.Nodes.Where(node => node.Serves).ToArray();
        if (!_isBorn)
        {
            return;
        }

        foreach (var range in _ranges)
        {
            var ok = false;
            if (coordinators.Length > 0)
            {
                var coordinator = coordinators[(_nextCoordinator++ & int.MaxValue) % coordinators.Length];
                var (live, needed) = range.Count(replica => replica.Serves && _cluster.Gossip.SeesUp(coordinator, replica));
                ok = live >= needed;
            }

            _ = ok ? _probesOk++ : _probesFailed++;
        }
    }

    public Verdict Verdict(int effects)
    {
        var why = Troubles().Take(20).ToImmutableArray();
        var probes = new ProbeCount(_probesOk, _probesFailed);
        return new Verdict(
            why.IsEmpty, why, _quorumLost, _viewLost, _raftLost, _minLive, _twoZones, _maxDown, probes, [.. _violations], effects);
    }

    /// <summary>system_traces is exempt by the oracle's own rule: RF 2 can never be safe, and traces may be lost.</summary>
    private static IEnumerable<WatchedRange> Watched(SimCluster cluster)
    {
        var byHost = cluster.Machines.ToDictionary(node => node.Id.HostId);
        foreach (var keyspace in cluster.Keyspaces.Where(ks => ks.Strategy != Strategy.Local && ks.Name is not "system_traces"))
        {
            foreach (var table in keyspace.UsesTablets ? keyspace.Tables.Cast<Table?>() : [null])
            {
                foreach (var range in cluster.WriteRanges(keyspace, table))
                {
                    var replicas = range.Replicas.Select(id => byHost[id.HostId]).ToImmutableArray();
                    var pending = range.Pending.Select(id => byHost[id.HostId]).ToImmutableArray();
                    yield return new WatchedRange(keyspace.Name, table?.Name, range.ToString(), replicas, pending);
                }
            }
        }
    }

    /// <summary>Data moved: other ranges, other replicas. What was lost before counts as lost still.</summary>
    private void Follow()
    {
        if (_placement == _cluster.Placement)
        {
            return;
        }

        _placement = _cluster.Placement;
        var before = _ranges.ToLookup(range => (range.Keyspace, range.Table, range.Range));
        _ranges = [.. Watched(_cluster)];
        foreach (var range in _ranges)
        {
            var same = before[(range.Keyspace, range.Table, range.Range)];
            range.QuorumLost = same.Any(known => known.QuorumLost);
            range.ViewLost = same.Any(known => known.ViewLost);
        }
    }

    private void Judge(WatchedRange range, HashSet<SimNode> serving, HashSet<SimNode> seen, ImmutableArray<Violation>.Builder lost)
    {
        var (live, needed) = range.Count(serving.Contains);
        if (_minLive is null || live - needed < _minLive.Margin())
        {
            _minLive = new MinLive(Name, range.Keyspace, range.Table, range.Range, live, needed, _cluster.Agenda.Now);
        }

        var quorumLost = live < needed;
        if (quorumLost && !range.QuorumLost)
        {
            lost.Add(Lost("quorum", range, serving));
        }

        var (visible, _) = range.Count(seen.Contains);
        var viewLost = !quorumLost && visible < needed;
        if (viewLost && !range.ViewLost)
        {
            lost.Add(Lost("peer-view", range, seen));
        }

        range.QuorumLost = quorumLost;
        range.ViewLost = viewLost;
        _quorumLost |= quorumLost;
        _viewLost |= viewLost;
    }

    private Violation Lost(string kind, WatchedRange range, HashSet<SimNode> live) => new(
        _cluster.Agenda.Now,
        kind,
        Name,
        range.Keyspace,
        range.Table,
        range.Range,
        [.. range.Replicas.Select(node => node.Id.Name)],
        [.. range.Replicas.Where(node => !live.Contains(node)).Select(node => node.Id.Name)]);

    private bool MostSeeUp(SimNode node, HashSet<SimNode> serving)
    {
        var coordinators = serving.Count - 1;
        var blind = serving.Count(peer => peer != node && !_cluster.Gossip.SeesUp(peer, node));
        return blind * 2 <= coordinators;
    }

    private IEnumerable<string> Troubles()
    {
        foreach (var node in _cluster.Nodes.Where(node => !node.Serves))
        {
            var mode = node.Mode?.ToString() ?? "none";
            yield return $"{node.Id.Name} does not serve: process {node.Process}, mode {mode}, CQL {(node.Cql ? "on" : "off")}";
        }

        foreach (var observer in _cluster.Nodes.Where(node => node.Hears))
        {
            foreach (var subject in _cluster.Nodes.Where(subject => !_cluster.Gossip.SeesUp(observer, subject)))
            {
                yield return $"{observer.Id.Name} sees {subject.Id.Name} DOWN";
            }
        }

        if (_cluster.Balancing != _balancingAsFound)
        {
            yield return $"{Name}: tablet balancing was left {(_cluster.Balancing ? "on" : "off")}";
        }
    }
}
