using System.Collections.Immutable;
using System.Text.Json;
using ScyllaBot.Core.Clients;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Clients.Contract.ClientCall;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>How each method of each client is called; a method without an entry fails the suite.</summary>
internal static partial class ClientCalls
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Ct => ContractBed.Ct;

    public static IEnumerable<ClientCall> Scylla =>
    [
        .. State,
        .. Membership,
        .. Work,
        .. Repairs,
        .. Settings,
    ];

    private static IEnumerable<ClientCall> State =>
    [
        Read("ScyllaApi.OperationModeAsync", b => b.Api.OperationModeAsync(Ct), m => m == "NORMAL"),
        Read("ScyllaApi.NativeTransportAsync", b => b.Api.NativeTransportAsync(Ct), on => on == true),
        Read("ScyllaApi.GenerationAsync", b => b.Api.GenerationAsync(Ct), g => g > 1_600_000_000),
        Read("ScyllaApi.LiveAsync", b => b.Api.LiveAsync(Ct), l => l is { Length: 4 }),
        Read("ScyllaApi.DownAsync", b => b.Api.DownAsync(Ct), d => d is { Length: 0 }),
        Read("ScyllaApi.HostIdsAsync", async b => await b.Api.HostIdsAsync(Ct) is { } ids && ids.GetValueOrDefault(b.Node.Node.Address) == b.Node.Node.HostId, same => same),
        Read("ScyllaApi.SchemaVersionsAsync", b => b.Api.SchemaVersionsAsync(Ct), s => s?.Single().Value.Length == 4),
        Read("ScyllaApi.JoiningAsync", b => b.Api.JoiningAsync(Ct), j => j is { Length: 0 }),
        Read("ScyllaApi.LeavingAsync", b => b.Api.LeavingAsync(Ct), l => l is { Length: 0 }),
        Read("ScyllaApi.VersionAsync", b => b.Api.VersionAsync(Ct), v => ScyllaVersion.Parse(v) is not null),
        Read("ScyllaApi.NumberedVersionAsync", b => b.Api.NumberedVersionAsync(Ct), v => v > new ScyllaVersion(5, 0)),
        Read("ScyllaApi.LocalHostIdAsync", async b => await b.Api.LocalHostIdAsync(Ct) == b.Node.Node.HostId, same => same),
        Read("ScyllaApi.ClusterNameAsync", b => b.Api.ClusterNameAsync(Ct), n => n == "mini"),
        Read("ScyllaApi.DatacenterAsync", b => b.Api.DatacenterAsync(b.Node.Node.Address, Ct), d => d == "us-east1"),
        Read("ScyllaApi.RackAsync", b => b.Api.RackAsync(b.Node.Node.Address, Ct), r => r == "b"),
        Read("ScyllaApi.KeyspacesAsync", async b => $"{string.Join(',', await b.Api.KeyspacesAsync(false, Ct))};{string.Join(',', await b.Api.KeyspacesAsync(true, Ct))}",
            k => k.StartsWith("discord", StringComparison.Ordinal) && (k.EndsWith(";ledger", StringComparison.Ordinal) || k.EndsWith(';'))),
        Read("ScyllaApi.DescribeRingAsync", async b => (await b.Api.DescribeRingAsync(ContractBed.Vnodes, null, Ct), await b.Api.DescribeRingAsync(ContractBed.Tablets, "entries", Ct)),
            r => r.Item1.All(x => x.Replicas.Length == 3) && r.Item2.Length == 4),
        Read("ScyllaApi.TablesAsync", b => b.Api.TablesAsync(ContractBed.Vnodes, Ct), t => t is ["messages"]),
        Read("ScyllaApi.UptimeAsync", b => b.Api.UptimeAsync(Ct), u => u > TimeSpan.Zero),
        Read("ScyllaApi.IsStartingAsync", b => b.Api.IsStartingAsync(Ct), s => s == false),
        Read("ScyllaApi.GossipingAsync", b => b.Api.GossipingAsync(Ct), g => g == true),
        Read("ScyllaApi.LoadAsync", b => b.Api.LoadAsync(Ct), l => l > 0),
        Read("ScyllaApi.LoadBytesAsync", b => b.Api.LoadBytesAsync(Ct), l => l > 0),
        Read("ScyllaApi.LoadMapAsync", b => b.Api.LoadMapAsync(Ct), l => l.Count == 4),
        Read("ScyllaApi.StreamsAsync", b => b.Api.StreamsAsync(Ct), s => s.IsEmpty),
    ];

    private static IEnumerable<ClientCall> Membership =>
    [
        Act("ScyllaApi.DrainAsync", b => b.Api.DrainAsync(Hour, Ct), b => b.SimOf("b1").Mode == OperationMode.Drained),
        Read("ScyllaApi.ExcludedAsync", b => b.Api.ExcludedAsync(Ct), e => e.IsEmpty),
        Read("ScyllaApi.TokensAsync", b => b.Api.TokensAsync(b.Node.Node.Address, Ct), t => t.Length == 4),
        Read("ScyllaApi.DowntimeAsync", b => b.Api.DowntimeAsync(b.Of("c1").Node.Address, Ct), d => d == TimeSpan.Zero),
        Read("ScyllaApi.DecommissionAsync", b => b.Of("b2").Scylla.DecommissionAsync(Ct), d => d == LongAnswer.Done),
        Read("ScyllaApi.RemoveNodeAsync", b => b.Api.RemoveNodeAsync(b.Of("b2").Node.HostId, [], Ct), r => r == LongAnswer.Done) with { Prepare = b => b.Stop("b2") },
        Act("ScyllaApi.ExcludeNodesAsync", b => b.Api.ExcludeNodesAsync([b.Of("b2").Node.HostId], Ct),
            b => b.Do(() => b.Api.ExcludedAsync(Ct)).Length == 1) with { Prepare = b => b.Stop("b2") },
        Read("ScyllaApi.RebuildAsync", b => b.Api.RebuildAsync("us-east1", Ct), r => r == LongAnswer.Done),
        Act("ScyllaApi.SetTabletBalancingAsync", b => b.Api.SetTabletBalancingAsync(false, Ct), b => !b.Sim.Balancing),
        Act("ScyllaApi.QuiesceTopologyAsync", b => b.Api.QuiesceTopologyAsync(Hour, Ct), _ => true),
        Read("ScyllaApi.RaftTopologyAsync", b => b.Api.RaftTopologyAsync(Ct), r => r == "done"),
        Read("ScyllaApi.TopologyCommandAsync", b => b.Api.TopologyCommandAsync(Ct), c => c == "none"),
        Read("ScyllaApi.RaftLeaderAsync", async b => await b.Api.RaftLeaderAsync(Ct) is { } leader && b.Cluster.Nodes.Any(n => n.HostId == leader), known => known),
        Act("ScyllaApi.ReadBarrierAsync", b => b.Api.ReadBarrierAsync(10, Ct), _ => true),
        Act("ScyllaApi.TriggerStepdownAsync", StepDownAsync, _ => true),
    ];

    private static IEnumerable<ClientCall> Work =>
    [
        Act("ScyllaApi.FlushAsync", async b =>
        {
            await b.Api.FlushAsync(ContractBed.Vnodes, ["messages"], Ct);
            await b.Api.FlushAsync(null, [], Ct);
        }, _ => true),
        Read("ScyllaApi.CompactsAsTaskAsync", b => b.Api.CompactsAsTaskAsync(Ct), _ => true),
        Read("ScyllaApi.StartCompactionAsync", b => b.Api.StartCompactionAsync(ContractBed.Vnodes, ["messages"], Ct), id => id is not null),
        Read("ScyllaApi.StartCleanupAsync", b => b.Api.StartCleanupAsync(ContractBed.Vnodes, Ct), _ => true),
        Read("ScyllaApi.StartUpgradeSstablesAsync", b => b.Api.StartUpgradeSstablesAsync(ContractBed.Vnodes, Ct), _ => true),
        Act("ScyllaApi.CompactAsync", b => b.Api.CompactAsync(ContractBed.Vnodes, ["messages"], Hour, Ct), _ => true),
        Act("ScyllaApi.CleanupAsync", b => b.Api.CleanupAsync(ContractBed.Vnodes, Hour, Ct), _ => true),
        Act("ScyllaApi.UpgradeSstablesAsync", b => b.Api.UpgradeSstablesAsync(ContractBed.Vnodes, Hour, Ct), _ => true),
        Act("ScyllaApi.CleanupAllAsync", b => b.Api.CleanupAllAsync(true, Hour, Ct), _ => true),
        Read("ScyllaApi.MarkNodeAsCleanAsync", b => b.Api.MarkNodeAsCleanAsync(Ct), _ => true),
        Read("ScyllaApi.CompactionsAsync", b => b.Api.CompactionsAsync(Ct), c => !c.IsDefault),
        Read("ScyllaApi.PendingCompactionsAsync", b => b.Api.PendingCompactionsAsync(Ct), p => p >= 0),
        Read("ScyllaApi.SnapshotsAsync", async b =>
        {
            await b.Api.TakeSnapshotAsync("before", [ContractBed.Vnodes], true, Ct);
            return await b.Api.SnapshotsAsync(Ct);
        }, s => s["before"].Single().Table == "messages"),
        Read("ScyllaApi.SnapshotsSizeAsync", b => b.Api.SnapshotsSizeAsync(Ct), s => s >= 0),
        Act("ScyllaApi.TakeSnapshotAsync", b => b.Api.TakeSnapshotAsync("all", [], false, Ct), b => b.SimOf("b1").Store.Snapshots.Count > 0),
        Act("ScyllaApi.ClearSnapshotAsync", async b =>
        {
            await b.Api.TakeSnapshotAsync("old", [], false, Ct);
            await b.Api.ClearSnapshotAsync("old", Ct);
        }, b => b.SimOf("b1").Store.Snapshots.Count == 0),
        Read("ScyllaApi.TaskModulesAsync", b => b.Api.TaskModulesAsync(Ct), m => m.Contains("compaction", StringComparer.Ordinal)),
        Read("ScyllaApi.TasksAsync", async b => (await b.Api.TasksAsync("compaction", Ct), await b.Api.TasksAsync("no_such", Ct)), t => t is { Item1: not null, Item2: null }),
        Read("ScyllaApi.TaskAsync", async b => await b.Api.TaskAsync(await CompactionAsync(b), Ct), t => t is { HasFailed: false }),
        Read("ScyllaApi.WaitTaskAsync", async b => await b.Api.WaitTaskAsync(await CompactionAsync(b), Hour, Ct), t => t is { HasFailed: false }),
        Act("ScyllaApi.AbortTaskAsync", async b =>
        {
            if (await b.Api.StartTabletRepairAsync(ContractBed.Tablets, "entries", Ct) is { } id)
            {
                await b.Api.AbortTaskAsync(id, Ct);
            }
        }, _ => true),
    ];

    private static IEnumerable<ClientCall> Repairs =>
    [
        Read("ScyllaApi.StartRepairAsync", b => b.Api.StartRepairAsync(ContractBed.Vnodes, Ct), r => r.Number == 1),
        Read("ScyllaApi.RepairStateAsync", async b => await b.Api.RepairStateAsync(await b.Api.StartRepairAsync(ContractBed.Vnodes, Ct), Ct), s => s == RepairState.Running),
        Read("ScyllaApi.ActiveRepairsAsync", async b =>
        {
            await b.Api.StartRepairAsync(ContractBed.Vnodes, Ct);
            return await b.Api.ActiveRepairsAsync(Ct);
        }, a => a.Length == 1),
        Act("ScyllaApi.TerminateRepairsAsync", b => b.Api.TerminateRepairsAsync(Ct), _ => true),
        Read("ScyllaApi.StartTabletRepairAsync", b => b.Api.StartTabletRepairAsync(ContractBed.Tablets, "entries", Ct), id => id is not null),
        Read("ScyllaApi.HintSyncPointAsync", b => b.Api.HintSyncPointAsync([b.Of("c1").Node.Address], Ct), p => p.Length > 0),
        Read("ScyllaApi.IsHintSyncPointReachedAsync",
            async b => await b.Api.IsHintSyncPointReachedAsync(await b.Api.HintSyncPointAsync([b.Of("c1").Node.Address], Ct), Ct), done => done),
    ];

    private static IEnumerable<ClientCall> Settings =>
    [
        Read("ScyllaApi.ConfigAsync", async b => (await b.Api.ConfigAsync("num_tokens", Ct), await b.Api.ConfigAsync("no_such", Ct)),
            c => c is { Item1.ValueKind: JsonValueKind.Number, Item2: null }),
        Read("ScyllaApi.LoggerLevelAsync", b => b.Api.LoggerLevelAsync("gossip", Ct), l => l == "info"),
        Act("ScyllaApi.SetLoggerLevelAsync", b => b.Api.SetLoggerLevelAsync("gossip", "debug", Ct), b => b.SimOf("b1").Machine.Loggers.Of("gossip") == "debug"),
        Act("ScyllaApi.SetNativeTransportAsync", b => b.Api.SetNativeTransportAsync(false, Ct), b => !b.SimOf("b1").Cql),
        Read("ScyllaApi.CompactionThroughputAsync", b => b.Api.CompactionThroughputAsync(Ct), t => t >= 0),
        Act("ScyllaApi.SetCompactionThroughputAsync", b => b.Api.SetCompactionThroughputAsync(64, Ct), b => b.Do(() => b.Api.CompactionThroughputAsync(Ct)) == 64),
        Read("ScyllaApi.StreamThroughputAsync", b => b.Api.StreamThroughputAsync(Ct), t => t >= 0),
        Act("ScyllaApi.SetStreamThroughputAsync", b => b.Api.SetStreamThroughputAsync(32, Ct), b => b.Do(() => b.Api.StreamThroughputAsync(Ct)) == 32),
        Act("ScyllaApi.WriteLogAsync", b => b.Api.WriteLogAsync("a & b = \"c\"", Ct), _ => true),
    ];

    private static async Task StepDownAsync(ContractBed bed)
    {
        var leader = await bed.Api.RaftLeaderAsync(Ct);
        await bed.Of(bed.Cluster.Nodes.FirstOrDefault(n => n.HostId == leader)?.Name ?? "b1").Scylla.TriggerStepdownAsync(Ct);
    }

    private static async Task<Guid> CompactionAsync(ContractBed bed) =>
        await bed.Api.StartCompactionAsync(ContractBed.Vnodes, ImmutableArray<string>.Empty, Ct) ?? throw new InvalidOperationException("nothing to compact");
}
