using System.Globalization;
using System.Text;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A repair of vnode ranges that a node accepted.</summary>
/// <param name="Number">Counts from 1 in each process.</param>
/// <param name="Generation">Of the process that accepted it: in another one the number means something else, or reads "successful" (facts 1.14).</param>
public sealed record NodeRepair(string Keyspace, long Number, long Generation);

/// <summary>How a repair stands.</summary>
public enum RepairState
{
    Running,
    Successful,
    Failed,

    /// <summary>The process that ran it is gone, and the repair with it.</summary>
    Lost,
}

/// <summary>Repairs (facts 1.14): vnode keyspaces node by node, tablet tables as a whole.</summary>
public sealed partial class ScyllaApi
{
    private static readonly ScyllaVersion RepairsTablets = new(2025, 1);

    /// <summary>Begins a repair of the ranges this node is the first replica of: over every node of every datacenter they are the whole ring.</summary>
    /// <exception cref="RecoverableException">The node does not tell its generation: then its answers could not be trusted later.</exception>
    /// <exception cref="UnrecoverableException">Refused: a tablet keyspace, or the node is not NORMAL.</exception>
    public async Task<NodeRepair> StartRepairAsync(string keyspace, CancellationToken ct)
    {
        var generation = await GenerationAsync(ct) ?? throw new RecoverableException($"{node.Name} does not tell its generation now");

        // Any text but "true" would mean "all ranges" without an error (facts 1.2).
        var path = $"storage_service/repair_async/{Uri.EscapeDataString(keyspace)}?primaryRange=true";
        return new NodeRepair(keyspace, Parse<long>(await SendAsync("POST", path, _readTimeout, changes: true, ct), path), generation);
    }

    /// <summary>Its state; <see cref="RepairState.Lost"/> when the node was restarted since, whatever its answer says.</summary>
    public async Task<RepairState> RepairStateAsync(NodeRepair repair, CancellationToken ct)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"storage_service/repair_async/{Uri.EscapeDataString(repair.Keyspace)}?id={repair.Number}");
        var answer = await ExchangeAsync("GET", path, _readTimeout, changes: false, ct);

        // Asked after the state: a process that began in between is seen.
        var generation = await GenerationAsync(ct) ?? throw new RecoverableException($"{node.Name} does not tell its generation now");
        if (generation != repair.Generation)
        {
            return RepairState.Lost;
        }

        return answer.Status == 200
            ? Parse<string>(answer.Body, path) switch
            {
                "RUNNING" => RepairState.Running,
                "SUCCESSFUL" => RepairState.Successful,
                "FAILED" => RepairState.Failed,
                var other => throw new UnrecoverableException($"{node.Name}: {path} answered {other}"),
            }
            : throw Classify(answer, path, changes: false);
    }

    /// <summary>Numbers of repairs this node runs now, whoever asked for them.</summary>
    public Task<ImmutableArray<long>> ActiveRepairsAsync(CancellationToken ct) => ReadAsync<ImmutableArray<long>>("storage_service/active_repair/", ct);

    /// <summary>Asks all repairs of this node to end; they do so later, as failed.</summary>
    public Task TerminateRepairsAsync(CancellationToken ct) =>
        SendAsync("POST", "storage_service/force_terminate_repair", _readTimeout, changes: false, ct);

    /// <summary>Begins a repair of every tablet of a table, wherever they are (2025.1).</summary>
    /// <returns>Its task; null when the table has no repair of its own, as it lies with another table's tablets.</returns>
    /// <exception cref="RecoverableException">A repair of it runs already.</exception>
    public async Task<Guid?> StartTabletRepairAsync(string keyspace, string table, CancellationToken ct)
    {
        var path = $"storage_service/tablets/repair?ks={Uri.EscapeDataString(keyspace)}&table={Uri.EscapeDataString(table)}&tokens=all&await_completion=false";
        var answer = await ExchangeAsync("POST", path, _readTimeout, changes: true, ct);
        var said = answer.Status == 200 ? "" : MessageOf(answer);
        if (answer.Status == 400 && said.Contains("colocated", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (said.Contains("already in repair", StringComparison.Ordinal))
        {
            throw new RecoverableException($"{node.Name}: {keyspace}.{table}: {said}");
        }

        if (answer.Status == 404 && await NumberedVersionAsync(ct) is { } version && version < RepairsTablets)
        {
            throw new UnrecoverableException($"{node.Name}: tablets/repair is not supported by {version}: it came with 2025.1");
        }

        return answer.Status == 200 ? Parse<TabletRepairJson>(answer.Body, path).tablet_task_id : throw Classify(answer, path, changes: true);
    }

    /// <summary>A mark in this node's hints: all it holds for the targets now (facts 1.20). Nothing is kept on the node for it.</summary>
    /// <param name="targets">Addresses.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<string> HintSyncPointAsync(ImmutableArray<string> targets, CancellationToken ct)
    {
        var path = $"hinted_handoff/sync_point?target_hosts={Csv(targets)}";
        return Parse<string>(await SendAsync("POST", path, _readTimeout, changes: false, ct), path) is { Length: > 0 } point
            ? point : throw new UnrecoverableException($"{node.Name}: hinted_handoff/sync_point answered an empty id");
    }

    /// <summary>Whether all hints before the mark have been replayed; one look, no wait.</summary>
    public async Task<bool> IsHintSyncPointReachedAsync(string point, CancellationToken ct) =>
        await ReadAsync<string>($"hinted_handoff/sync_point?id={Escaped(point)}", ct) switch
        {
            "DONE" => true,
            "IN_PROGRESS" => false,
            var other => throw new UnrecoverableException($"{node.Name}: a hint sync point answered {other}"),
        };

    /// <summary>Ids are base64: a plus sign left alone would arrive as a space.</summary>
    private static string Escaped(string point)
    {
        var text = new StringBuilder(point.Length + 16);
        foreach (var c in point)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) ? c.ToString() : Uri.HexEscape(c));
        }

        return text.ToString();
    }

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling on the wire.
    private sealed record TabletRepairJson(Guid tablet_task_id);
#pragma warning restore IDE1006, SA1300
}
