using System.Globalization;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>How a long, changing call ended for whoever asked. What it did is told by the node's state, never by this alone (facts 1.9).</summary>
public enum LongAnswer
{
    /// <summary>The node answered that it is done.</summary>
    Done,

    /// <summary>It was sent and no whole answer came: it may run, have ended, or never have begun.</summary>
    Lost,

    /// <summary>Another exclusive operation holds the node's lock (facts 1.4); perhaps our own, of before.</summary>
    Busy,
}

/// <summary>What a node streams (facts 1.21). Neither tablets nor repair-based operations are seen here.</summary>
/// <param name="Description">Such as <c>Bootstrap</c>, <c>Unbootstrap</c>, <c>Rebuild</c>.</param>
public sealed record StreamPlan(Guid Id, string Description, ImmutableArray<string> Peers);

/// <summary>What moves membership and data (facts 1.9–1.12, 1.18). Blocking calls wait for a week: no time-out of ours says anything about the work.</summary>
public sealed partial class ScyllaApi
{
    private static readonly ScyllaVersion RaftTopology = new(6, 0);
    private static readonly ScyllaVersion Exclusion = new(2026, 1);
    private static readonly ScyllaVersion Stepdown = new(2025, 1);
    private static readonly ScyllaVersion Barrier = new(6, 1);
    private static readonly TimeSpan AsLongAsItTakes = TimeSpan.FromDays(7);

    /// <summary>Since the process began; null while not ready. A restart that we did not ask for shows here.</summary>
    public async Task<TimeSpan?> UptimeAsync(CancellationToken ct) =>
        await TryReadAsync<long?>("system/uptime_ms", ct) is { } milliseconds ? Taken("system/uptime_ms", () => TimeSpan.FromMilliseconds(milliseconds)) : null;

    /// <summary>Null while not ready to say, which is most of a start.</summary>
    public async Task<bool?> IsStartingAsync(CancellationToken ct) => await TryReadAsync<bool?>("storage_service/is_starting", ct);

    public async Task<bool?> GossipingAsync(CancellationToken ct) => await TryReadAsync<bool?>("storage_service/gossiping", ct);

    /// <summary>Host ids, unlike the other lists (facts 7.36). Since 2026.1.</summary>
    public Task<ImmutableArray<Guid>> ExcludedAsync(CancellationToken ct) => ReadSinceAsync<ImmutableArray<Guid>>(Exclusion, "storage_service/nodes/excluded", ct);

    /// <summary>Tokens of a node as this one knows them; empty for one that has not joined.</summary>
    public Task<ImmutableArray<string>> TokensAsync(string address, CancellationToken ct) =>
        ReadAsync<ImmutableArray<string>>($"storage_service/tokens/{Uri.EscapeDataString(address)}", ct);

    /// <summary>How long this node has seen another one down; zero = up (facts 1.6: microseconds on the wire).</summary>
    public async Task<TimeSpan> DowntimeAsync(string address, CancellationToken ct)
    {
        var microseconds = await ReadAsync<long>($"gossiper/downtime/{Uri.EscapeDataString(address)}", ct);
        return Taken("gossiper/downtime", () => TimeSpan.FromMicroseconds(microseconds));
    }

    /// <summary>Bytes of live data on this node's disks.</summary>
    public Task<double> LoadAsync(CancellationToken ct) => ReadAsync<double>("storage_service/load", ct);

    /// <summary>Address → bytes, of live nodes; a minute old at most.</summary>
    public async Task<ImmutableSortedDictionary<string, double>> LoadMapAsync(CancellationToken ct) =>
        MapOf(await ReadAsync<ImmutableArray<Pair<double>>>("storage_service/load_map", ct), "storage_service/load_map");

    /// <summary>Empties the node and takes it out of the ring: minutes to days.</summary>
    /// <exception cref="RecoverableException">Never reached the node.</exception>
    /// <exception cref="UnrecoverableException">Refused or failed, with Scylla's own words.</exception>
    public Task<LongAnswer> DecommissionAsync(CancellationToken ct) => OperateAsync("storage_service/decommission", ct);

    /// <summary>Takes a dead node out of the ring. It and all that are ignored are banned for ever, even when it fails (facts 1.12).</summary>
    /// <param name="host">Whom.</param>
    /// <param name="ignore">Other dead ones that need not take part; host ids, for addresses are used again.</param>
    /// <param name="ct">Cancels.</param>
    public Task<LongAnswer> RemoveNodeAsync(Guid host, ImmutableArray<Guid> ignore, CancellationToken ct) =>
        OperateAsync($"storage_service/remove_node?host_id={host}{(ignore.IsEmpty ? "" : $"&ignore_nodes={string.Join(',', ignore)}")}", ct);

    /// <summary>Marks dead nodes so that topology work need not wait for them. Since 2026.1; undone only by replacing or removing them.</summary>
    public Task ExcludeNodesAsync(ImmutableArray<Guid> hosts, CancellationToken ct) => SendSinceAsync(
        Exclusion, "POST", $"storage_service/exclude_node?hosts={string.Join(',', hosts)}", TimeSpan.FromMinutes(5), changes: true, ct);

    /// <summary>Streams what the node should have from other replicas; vnode keyspaces only.</summary>
    /// <param name="source">Datacenter; null = any.</param>
    /// <param name="ct">Cancels.</param>
    public Task<LongAnswer> RebuildAsync(string? source, CancellationToken ct) =>
        OperateAsync($"storage_service/rebuild{(source is null ? "" : $"?source_dc={Uri.EscapeDataString(source)}")}", ct);

    /// <summary>Cluster-wide and persistent. Off waits for the migrations that run. Setting it twice is setting it once.</summary>
    public Task SetTabletBalancingAsync(bool enabled, CancellationToken ct) => SendSinceAsync(
        RaftTopology, "POST", $"storage_service/tablets/balancing?enabled={(enabled ? "true" : "false")}", TimeSpan.FromHours(2), changes: false, ct);

    /// <summary>Answers once no topology operation is in flight; it changes nothing.</summary>
    public Task QuiesceTopologyAsync(TimeSpan patience, CancellationToken ct) =>
        SendSinceAsync(RaftTopology, "POST", "storage_service/quiesce_topology", patience, changes: false, ct);

    /// <summary><c>done</c>: topology by raft.</summary>
    public Task<string> RaftTopologyAsync(CancellationToken ct) => ReadSinceAsync<string>(RaftTopology, "storage_service/raft_topology/upgrade", ct);

    /// <summary>What the coordinator executes on this node; <c>none</c> for nothing. Since 2025.1.</summary>
    public Task<string> TopologyCommandAsync(CancellationToken ct) => ReadSinceAsync<string>(Stepdown, "storage_service/raft_topology/cmd_rpc_status", ct);

    /// <summary>Leader of group0; null when there is none.</summary>
    public async Task<Guid?> RaftLeaderAsync(CancellationToken ct) =>
        await ReadSinceAsync<Guid>(RaftTopology, "raft/leader_host", ct) is var host && host != Guid.Empty ? host : null;

    /// <summary>Catches up with group0: failing means that raft has no majority (facts 1.18).</summary>
    /// <param name="seconds">How long the node tries; at least 1.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="RecoverableException">No majority in time, or not reached.</exception>
    public Task ReadBarrierAsync(int seconds, CancellationToken ct) => SendSinceAsync(
        Barrier, "POST", string.Create(CultureInfo.InvariantCulture, $"raft/read_barrier?timeout={Math.Max(1, seconds)}"),
        TimeSpan.FromSeconds(seconds) + _readTimeout, changes: false, ct);

    /// <summary>Asks group0's leader, which this node must be, to let another one lead. Since 2025.1.</summary>
    public Task TriggerStepdownAsync(CancellationToken ct) =>
        SendSinceAsync(Stepdown, "POST", "raft/trigger_stepdown/", TimeSpan.FromMinutes(2), changes: false, ct);

    public async Task<ImmutableArray<StreamPlan>> StreamsAsync(CancellationToken ct) =>
        ListOf(await ReadAsync<ImmutableArray<StreamJson>>("stream_manager/", ct), "stream_manager",
            s => new StreamPlan(s.plan_id, s.description ?? "", [.. (s.sessions ?? []).Select(p => p.peer ?? "")]));

    /// <summary>Opens or closes the CQL port. Setting it twice is setting it once.</summary>
    public Task SetNativeTransportAsync(bool on, CancellationToken ct) =>
        SendAsync(on ? "POST" : "DELETE", "storage_service/native_transport", TimeSpan.FromMinutes(5), changes: false, ct);

    /// <summary>MB/s; 0 = unlimited.</summary>
    public Task<int> CompactionThroughputAsync(CancellationToken ct) => ReadAsync<int>("storage_service/compaction_throughput", ct);

    /// <summary>Until the next start; until then a SIGHUP skips that option (facts 4.3).</summary>
    public Task SetCompactionThroughputAsync(int megabytes, CancellationToken ct) => SetAsync("compaction_throughput", megabytes, ct);

    /// <summary>MB/s; 0 = unlimited.</summary>
    public Task<int> StreamThroughputAsync(CancellationToken ct) => ReadAsync<int>("storage_service/stream_throughput", ct);

    /// <summary>As <see cref="SetCompactionThroughputAsync"/>.</summary>
    public Task SetStreamThroughputAsync(int megabytes, CancellationToken ct) => SetAsync("stream_throughput", megabytes, ct);

    /// <summary>A line in the node's own journal.</summary>
    public Task WriteLogAsync(string message, CancellationToken ct) => SendAsync(
        "POST", $"system/log?message={Uri.EscapeDataString(message)}&level=info", _readTimeout, changes: false, ct);

    private Task SetAsync(string what, int value, CancellationToken ct) => SendAsync(
        "POST", string.Create(CultureInfo.InvariantCulture, $"storage_service/{what}?value={value}"), _readTimeout, changes: false, ct);

    private async Task<LongAnswer> OperateAsync(string path, CancellationToken ct)
    {
        var call = new HttpCall("POST", new Uri(node.Api, path), AsLongAsItTakes) { Node = node, Headers = [new("X-ScyllaBot-Step", stamp.ToString())] };
        HttpAnswer answer;
        try
        {
            answer = await http.SendAsync(call, ct);
        }
        catch (ExchangeException broken) when (broken.Failure != ExchangeFailure.NotConnected)
        {
            return LongAnswer.Lost;
        }
        catch (ExchangeException broken)
        {
            throw Classify(broken, path, changes: true);
        }

        return answer.Status switch
        {
            200 => LongAnswer.Done,
            _ when MessageOf(answer).Contains("is in progress, try again", StringComparison.Ordinal) => LongAnswer.Busy,
            _ when MessageOf(answer).Contains("Concurrent request for removal already in progress", StringComparison.Ordinal) => LongAnswer.Busy,
            _ => throw Classify(answer, path, changes: true),
        };
    }

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling on the wire.
    private sealed record StreamJson(Guid plan_id, string? description, ImmutableArray<SessionJson>? sessions);

    private sealed record SessionJson(string? peer, string? state);
#pragma warning restore IDE1006, SA1300
}
