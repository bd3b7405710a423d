using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Clusters;

/// <summary>Reads snapshots of one cluster; readers within the same moment share one.</summary>
public sealed class ClusterWatch(Cluster cluster, IHttpExchange http, TimeProvider time)
{
    private static readonly StepStamp Reader = new("watch", "-", 0, 0);
    private ClusterSnapshot? _last;
    private Task<ClusterSnapshot>? _reading;

    /// <summary>A snapshot whose reading began no longer ago than <paramref name="maxAge"/>.</summary>
    public async Task<ClusterSnapshot> ReadAsync(TimeSpan maxAge, CancellationToken ct)
    {
        if (_last is { } last && time.GetUtcNow() - last.At <= maxAge)
        {
            return last;
        }

        // Readers that ask while one is under way share it: it began at most a round trip ago.
        var reading = _reading ??= ReadAllAsync();
        try
        {
            return await reading.WaitAsync(ct);
        }
        finally
        {
            if (reading.IsCompleted && ReferenceEquals(_reading, reading))
            {
                _reading = null;
            }
        }
    }

    private async Task<ClusterSnapshot> ReadAllAsync()
    {
        var at = time.GetUtcNow();
        var views = await Task.WhenAll(cluster.Nodes.Select(ReadOneAsync));
        return _last = new ClusterSnapshot(cluster, at, [.. views]);
    }

    private async Task<NodeView> ReadOneAsync(Node node)
    {
        var api = new ScyllaApi(node, http, Reader);
        var ct = CancellationToken.None; // Bounded by each call's own timeout; shared by several readers.
        var mode = api.OperationModeAsync(ct);
        var cql = api.NativeTransportAsync(ct);
        var generation = api.GenerationAsync(ct);
        var live = api.LiveAsync(ct);
        var down = api.DownAsync(ct);
        var hosts = api.HostIdsAsync(ct);
        var joining = api.JoiningAsync(ct);
        var leaving = api.LeavingAsync(ct);
        return new NodeView(node, await mode, await cql, await generation, await live, await down, await hosts, await joining, await leaving);
    }
}
