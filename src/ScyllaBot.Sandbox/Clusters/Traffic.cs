namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What one coordinator counted since its process started. Bucket i counts requests of at most <see cref="Traffic.Bounds"/>[i] µs.</summary>
internal sealed class TrafficCount
{
    public double Reads { get; set; }

    public double Writes { get; set; }

    public double Unavailable { get; set; }

    public double[] ReadBuckets { get; } = new double[Traffic.Bounds.Length];

    public double[] WriteBuckets { get; } = new double[Traffic.Bounds.Length];
}

/// <summary>
/// The clients of a cluster: a steady load that the serving nodes share. Counters grow while a node serves; a node that has just begun to
/// serve is cold and slow; where a range has lost its quorum its share of requests is refused as unavailable. Used inside the agenda only.
/// </summary>
internal sealed class Traffic(SimCluster cluster)
{
    private static readonly TimeSpan _coldFor = TimeSpan.FromMinutes(2);

    /// <summary>Share of requests within each bound, warm and cold: p99 is about 2.5 ms and 10 ms.</summary>
    private static readonly double[] _warm = [0.35, 0.75, 0.94, 0.992, 0.998, 0.9995, 1, 1];
    private static readonly double[] _cold = [0.02, 0.15, 0.45, 0.80, 0.97, 0.992, 0.999, 1];

    private readonly Dictionary<SimNode, NodeTraffic> _nodes = [];
    private DateTimeOffset _lookedAt;

    /// <summary>Upper bounds in µs, as `le` names them.</summary>
    public static double[] Bounds { get; } = [320, 640, 1280, 2560, 5120, 10_240, 20_480, 40_960];

    /// <summary>Requests per second and node while all serve; two thirds of them read. 0: nobody asks.</summary>
    public double Load { get; private set; } = 300;

    /// <summary>Share of the user ranges that have fewer serving replicas than a quorum, as of the last change.</summary>
    public double LostShare { get; private set; }

    /// <summary>Errors of a coordinator's own, as a share of its requests: none, unless a test wants some.</summary>
    public double TimeoutShare { get; private set; }

    public void SetLoad(double perNode, double timeoutShare = 0)
    {
        Look();
        (Load, TimeoutShare) = (perNode, timeoutShare);
    }

    /// <summary>Null while the node has counted nothing because it never served in this run.</summary>
    public TrafficCount? Of(SimNode node)
    {
        Look();
        return _nodes.TryGetValue(node, out var state) && state.Run == node.Run ? state.Count : null;
    }

    /// <summary>Adds up what happened since the last look under the state of then. To be called whenever a node changes.</summary>
    public void Look()
    {
        var now = cluster.Agenda.Now;
        if (_nodes.Count > 0 && now > _lookedAt)
        {
            Count(now);
        }

        _lookedAt = now;
        foreach (var node in cluster.Nodes)
        {
            if (!_nodes.TryGetValue(node, out var state) || state.Run != node.Run)
            {
                // As found it has served for days; whoever starts later begins cold.
                var since = state is null ? now - _coldFor : (DateTimeOffset?)null;
                _nodes[node] = state = new NodeTraffic(node.Run) { ServesSince = since };
            }

            state.ServesSince = node.Serves ? state.ServesSince ?? now : null;
        }

        LostShare = CountLost();
    }

    private void Count(DateTimeOffset now)
    {
        var serving = _nodes.Values.Where(state => state.ServesSince is not null).ToArray();
        var requests = serving.Length == 0 ? 0 : Load * cluster.Nodes.Length / serving.Length * (now - _lookedAt).TotalSeconds;
        foreach (var state in serving)
        {
            var refused = requests * LostShare;
            var cold = Math.Clamp(1 - ((_lookedAt - state.ServesSince!.Value) / _coldFor), 0, 1);
            state.Count.Unavailable += refused;
            Add(state.Count, (requests - refused) * 2 / 3, (requests - refused) / 3, cold);
        }
    }

    private static void Add(TrafficCount count, double reads, double writes, double cold)
    {
        count.Reads += reads;
        count.Writes += writes;
        for (var i = 0; i < Bounds.Length; i++)
        {
            var share = (_warm[i] * (1 - cold)) + (_cold[i] * cold);
            count.ReadBuckets[i] += reads * share;
            count.WriteBuckets[i] += writes * Math.Min(1, share * 1.02);
        }
    }

    private double CountLost()
    {
        var down = cluster.Nodes.Where(node => !node.Serves).ToHashSet();
        if (down.Count < 2)
        {
            return 0;
        }

        var (all, lost) = (0, 0);
        foreach (var keyspace in cluster.Keyspaces.Where(keyspace => keyspace.Strategy == Strategy.NetworkTopology))
        {
            foreach (var table in keyspace.UsesTablets ? keyspace.Tables.Cast<Table?>() : [null])
            {
                var ranges = cluster.Ranges(keyspace, table);
                all += ranges.Length;
                lost += ranges.Count(range => range.Replicas.GroupBy(replica => replica.Dc, StringComparer.Ordinal)
                    .Any(dc => dc.Count(replica => !down.Contains(cluster.ByAddress(replica.Address)!)) < (dc.Count() / 2) + 1));
            }
        }

        return all == 0 ? 0 : (double)lost / all;
    }

    private sealed class NodeTraffic(int run)
    {
        public int Run => run;

        public TrafficCount Count { get; } = new();

        public DateTimeOffset? ServesSince { get; set; }
    }
}
