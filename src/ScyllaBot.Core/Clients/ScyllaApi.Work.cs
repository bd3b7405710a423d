using System.Globalization;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>One compaction that runs (facts 1.16). Amounts are partitions, not bytes.</summary>
public sealed record RunningCompaction(string Keyspace, string Table, string Type, long Completed, long Total);

/// <summary>Work on a node's data (facts 1.9, 1.13, 1.16). Long work has two forms: as a task, which is preferred, and blocking, for old versions.</summary>
public sealed partial class ScyllaApi
{
    private static readonly ScyllaVersion FlushesAll = new(5, 4);
    private static readonly ScyllaVersion CompactsAsTask = new(6, 0);
    private static readonly ScyllaVersion CleansOne = new(2025, 1);
    private static readonly ScyllaVersion MarksClean = new(2025, 1);
    private static readonly TimeSpan FlushPatience = TimeSpan.FromMinutes(15);

    /// <summary>Bytes of disk in use; a double on the wire (facts 1.2).</summary>
    public Task<double> LoadBytesAsync(CancellationToken ct) => ReadAsync<double>("storage_service/load", ct);

    /// <summary>Writes memtables to disk. Asking twice costs nothing, so a lost answer is a reason to ask again.</summary>
    /// <param name="keyspace">Null: all of them (5.4 and later).</param>
    /// <param name="tables">Empty: all of the keyspace.</param>
    /// <param name="ct">Cancels the wait, not the flush.</param>
    public async Task FlushAsync(string? keyspace, ImmutableArray<string> tables, CancellationToken ct)
    {
        if (keyspace is null)
        {
            await SendSinceAsync(FlushesAll, "POST", "storage_service/flush", FlushPatience, changes: false, ct);
            return;
        }

        await SendAsync("POST", Of("storage_service/keyspace_flush", keyspace, tables), FlushPatience, changes: false, ct);
    }

    /// <summary>Whether this version starts compaction-like work as a task (6.0).</summary>
    /// <exception cref="RecoverableException">The node does not tell its version now.</exception>
    public async Task<bool> CompactsAsTaskAsync(CancellationToken ct) =>
        (await NumberedVersionAsync(ct) ?? throw new RecoverableException($"{node.Name} does not tell its version now")) >= CompactsAsTask;

    /// <summary>Begins a major compaction.</summary>
    /// <returns>Its task; null when there is nothing to do.</returns>
    public Task<Guid?> StartCompactionAsync(string keyspace, ImmutableArray<string> tables, CancellationToken ct) =>
        StartAsync("POST", Of("tasks/compaction/keyspace_compaction", keyspace, tables), ct);

    /// <summary>Begins to drop what this node no longer owns.</summary>
    /// <returns>Its task; null when there is nothing to do, as for keyspaces with tablets.</returns>
    /// <exception cref="UnrecoverableException">The topology is changing, among others.</exception>
    public Task<Guid?> StartCleanupAsync(string keyspace, CancellationToken ct) =>
        StartAsync("POST", Of("tasks/compaction/keyspace_cleanup", keyspace, []), ct);

    /// <summary>Begins to rewrite sstables that are not in the newest format. A GET that changes data, so it is treated as a change (facts 1.2).</summary>
    public Task<Guid?> StartUpgradeSstablesAsync(string keyspace, CancellationToken ct) =>
        StartAsync("GET", Of("tasks/compaction/keyspace_upgrade_sstables", keyspace, [], "exclude_current_version=true"), ct);

    /// <summary>The same, blocking until it is done: for versions before 6.0.</summary>
    public Task CompactAsync(string keyspace, ImmutableArray<string> tables, TimeSpan timeout, CancellationToken ct) =>
        SendAsync("POST", Of("storage_service/keyspace_compaction", keyspace, tables), timeout, changes: true, ct);

    /// <summary>The same, blocking until it is done: for versions before 6.0. A keyspace with tablets is left alone without a word.</summary>
    public Task CleanupAsync(string keyspace, TimeSpan timeout, CancellationToken ct) =>
        SendAsync("POST", Of("storage_service/keyspace_cleanup", keyspace, []), timeout, changes: true, ct);

    /// <summary>The same, blocking until it is done: for versions before 6.0. A GET that changes data.</summary>
    public Task UpgradeSstablesAsync(string keyspace, TimeSpan timeout, CancellationToken ct) =>
        SendAsync("GET", Of("storage_service/keyspace_upgrade_sstables", keyspace, [], "exclude_current_version=true"), timeout, changes: true, ct);

    /// <summary>Cleans every node that needs it, or this one alone; answers when all is clean (6.0). Other topology work waits meanwhile.</summary>
    /// <exception cref="UnrecoverableException">One node alone before 2025.1: those releases know no such choice and would clean all of them.</exception>
    public async Task CleanupAllAsync(bool global, TimeSpan timeout, CancellationToken ct)
    {
        if (!global && (await NumberedVersionAsync(ct) ?? throw new RecoverableException($"{node.Name} does not tell its version now")) is var version && version < CleansOne)
        {
            throw new UnrecoverableException($"{node.Name}: cleanup_all of one node is not supported by {version}: it came with 2025.1");
        }

        await SendSinceAsync(CompactsAsTask, "POST", $"storage_service/cleanup_all?global={(global ? "true" : "false")}", timeout, changes: true, ct);
    }

    /// <summary>Declares that this node was cleaned up by hand (2025.1). Asking twice changes nothing.</summary>
    /// <returns>False: this version keeps no such state.</returns>
    public async Task<bool> MarkNodeAsCleanAsync(CancellationToken ct)
    {
        if (await NumberedVersionAsync(ct) < MarksClean)
        {
            return false;
        }

        await SendSinceAsync(MarksClean, "POST", "storage_service/mark_node_as_clean", _readTimeout, changes: false, ct);
        return true;
    }

    /// <summary>What compacts right now.</summary>
    public async Task<ImmutableArray<RunningCompaction>> CompactionsAsync(CancellationToken ct) =>
        ListOf(await ReadAsync<ImmutableArray<CompactionJson>>("compaction_manager/compactions", ct), "compaction_manager/compactions",
            c => new RunningCompaction(Text(c.ks), Text(c.cf), Text(c.task_type), c.completed, c.total));

    /// <summary>The strategies' estimate of compactions still to do. Steady and above zero is normal.</summary>
    public Task<long> PendingCompactionsAsync(CancellationToken ct) => ReadAsync<long>("compaction_manager/metrics/pending_tasks", ct);

    private async Task<Guid?> StartAsync(string method, string path, CancellationToken ct)
    {
        var id = Parse<Guid>(await SendSinceAsync(CompactsAsTask, method, path, _readTimeout, changes: true, ct), path);
        return id == Guid.Empty ? null : id;
    }

    private static string Of(string path, string keyspace, ImmutableArray<string> tables, string query = "")
    {
        var cf = tables.IsDefaultOrEmpty ? "" : $"cf={Csv(tables)}";
        var all = string.Join('&', new[] { cf, query }.Where(part => part.Length > 0));
        return string.Create(CultureInfo.InvariantCulture, $"{path}/{Uri.EscapeDataString(keyspace)}{(all.Length > 0 ? "?" : "")}{all}");
    }

    private static string Csv(ImmutableArray<string> names) => string.Join(',', names.Select(Uri.EscapeDataString));

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling on the wire.
    private sealed record CompactionJson(string ks, string cf, string task_type, long completed, long total);
#pragma warning restore IDE1006, SA1300
}
