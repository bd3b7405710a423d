using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>Reads snapshots of one cluster; readers within the same moment share one, whichever job or plan they are for. Thread-safe.</summary>
public sealed class ClusterWatch(Cluster cluster, IHttpExchange http, TimeProvider time)
{
    /// <summary>A node that takes longer than this is one that can not be asked: a snapshot is not allowed to age while it waits (R15).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Left for the rest where the mode alone took nearly all of it: a look is never older than 4 s (R15).</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private static readonly StepStamp Reader = new("watch", "-", 0, 0);
    private readonly Lock _lock = new();
    private readonly ClusterWatch? _shared;
    private readonly Func<ClusterSnapshot, Task<ClusterSnapshot>> _seen = Task.FromResult;
    private Reading? _last;
    private ClusterSnapshot? _latest;

    private ClusterWatch(ClusterWatch shared, Func<ClusterSnapshot, Task<ClusterSnapshot>> seen)
        : this(shared.Cluster, shared.Http, shared.Time) => (_shared, _seen) = (shared, seen);

    private Cluster Cluster => cluster;

    private IHttpExchange Http => http;

    private TimeProvider Time => time;

    /// <summary>What was read last, however old; null before the first reading.</summary>
    public ClusterSnapshot? Latest => Volatile.Read(ref _latest);

    /// <summary>The same readings as one job sees them: under the identities it knows, which it may learn by them.</summary>
    public ClusterWatch For(Func<ClusterSnapshot, Task<ClusterSnapshot>> seen) => new(this, seen);

    /// <summary>A snapshot whose reading began no longer ago than <paramref name="maxAge"/> when it was asked for.</summary>
    public async Task<ClusterSnapshot> ReadAsync(TimeSpan maxAge, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_shared is not null)
        {
            var seen = await _seen(await _shared.ReadAsync(maxAge, ct));
            Volatile.Write(ref _latest, seen);
            return seen;
        }

        Reading reading;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            reading = _last is { } last && now - last.Began <= maxAge && !last.HasFailed
                ? last : _last = new Reading(now, new Lazy<Task<ClusterSnapshot>>(() => ReadAllAsync(now)));
        }

        // Not cancellable: it is bounded by its patience, and others may wait for the same reading.
        return await reading.Snapshot.Value;
    }

    private async Task<ClusterSnapshot> ReadAllAsync(DateTimeOffset at)
    {
        var views = await Task.WhenAll(cluster.Nodes.Select(ReadOneAsync));
        var snapshot = new ClusterSnapshot(cluster, at, [.. views]).As(RingIdentity.Resolve(cluster, [.. views]));
        Volatile.Write(ref _latest, snapshot);
        return snapshot;
    }

    /// <summary>One node that answers nonsense, or nothing to us, is one that does not tell: it takes nobody else's view away, and never counts as serving.</summary>
    private async Task<NodeView> ReadOneAsync(Node node)
    {
        try
        {
            return await AskAsync(node);
        }
        catch (UnrecoverableException unreadable)
        {
            return new NodeView(node, null, null, null, null, null, null, null, null) { ReadAt = time.GetUtcNow(), Unreadable = unreadable.Message };
        }
    }

    private async Task<NodeView> AskAsync(Node node)
    {
        var began = time.GetTimestamp();
        var door = new ScyllaApi(node, http, Reader, Patience);
        var ct = CancellationToken.None;
        var mode = await door.OperationModeAsync(ct);
        if (door.Broken is { } broken && (broken == ExchangeFailure.NotConnected || WasSilent(node)))
        {
            // One knock at a dead node a look, not nine: each may cost it, or the way to it, a connection that is waited for. Who was heard a moment ago
            // may only be slow, or our idle connections to it are dead: then the others find out, and are thrown away, in this look.
            return new NodeView(node, null, null, null, null, null, null, null, null) { ReadAt = time.GetUtcNow(), Silence = door.Silence };
        }

        var left = Patience - time.GetElapsedTime(began);
        var api = new ScyllaApi(node, http, Reader, left > Least ? left : Least);
        var cql = api.NativeTransportAsync(ct);
        var generation = api.GenerationAsync(ct);
        var live = api.LiveAsync(ct);
        var down = api.DownAsync(ct);
        var hosts = api.HostIdsAsync(ct);
        var joining = api.JoiningAsync(ct);
        var leaving = api.LeavingAsync(ct);
        var schemas = api.SchemaVersionsAsync(ct);
        return new NodeView(node, mode, await cql, await generation, await live, await down, await hosts, await joining, await leaving)
        {
            Schemas = await schemas,
            ReadAt = time.GetUtcNow(),
            Silence = door.Silence ?? api.Silence,
        };
    }

    private bool WasSilent(Node node) => Latest is { } last && last.Of(node).Mode is null;

    private sealed record Reading(DateTimeOffset Began, Lazy<Task<ClusterSnapshot>> Snapshot)
    {
        public bool HasFailed => Snapshot is { IsValueCreated: true, Value.IsFaulted: true };
    }
}
