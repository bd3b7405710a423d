using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Clusters.Import;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Real;

/// <summary><c>ScyllaBot inventory import | check</c>: makes an inventory from what is there, and compares one with the rings. Both only read.</summary>
internal sealed class InventoryCommand(IHttpExchange http, TimeProvider time, TextWriter output, TextWriter errors)
{
    public const string Usage = """
        ScyllaBot inventory: the file that says which clusters there are.

          inventory import --from-node HOST[,HOST…]          ask live nodes for their ring
          inventory import --from-file scylla_servers.yml    targets of Scylla's monitoring, or any Prometheus file_sd
          inventory import --from-ansible hosts.ini          hosts of an Ansible inventory (--group, default all)
          inventory check FILE                               compare an inventory with the rings

        Options of import:
          --name NAME          what to call the cluster (default: the file's label, else the nodes' own name for it)
          --group GROUP        which group of the Ansible inventory
          --transport KIND     ssh (default), ssh_exec, direct or agent
          --ssh-config FILE    an ssh_config instead of your own
          --ssh-user USER      who logs in
          --agent-token REF    the agents' token, as file:/path or env:NAME
          --out FILE           write there instead of printing; an existing file is never overwritten

        At least one host must answer: host ids, datacenters and racks come from the ring itself. Every cluster starts as production and
        observed; nothing is started on it until you say mode: run.

        Exit codes: 0 done and no difference, 1 differences, or no host answered an import, 2 wrong arguments or files,
        3 a ring could not be read, so nothing was compared.
        """;

    private const int MaxFileBytes = 4 * 1024 * 1024;

    public async Task<int> RunAsync(InventoryArguments arguments, CancellationToken ct)
    {
        try
        {
            return arguments.Check is { } file ? await CheckAsync(file, ct) : await ImportAsync(arguments, ct);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or StartRefusedException)
        {
            await errors.WriteLineAsync(unreadable.Message);
            return 2;
        }
    }

    private async Task<int> CheckAsync(string file, CancellationToken ct)
    {
        var inventory = InventoryFile.Read(file);
        var (differs, unread) = (false, false);
        foreach (var cluster in inventory.Clusters)
        {
            try
            {
                differs |= await DiffersAsync(cluster, ct);
            }
            catch (Exception silent) when (silent is RecoverableException or UnrecoverableException)
            {
                unread = true;
                await output.WriteLineAsync($"{cluster.Name}: could not be read: {silent.Message}");
            }
        }

        return differs ? 1 : unread ? 3 : 0;
    }

    /// <exception cref="RecoverableException">There was nothing to compare it with.</exception>
    private async Task<bool> DiffersAsync(Cluster cluster, CancellationToken ct)
    {
        var snapshot = await new ClusterWatch(cluster, http, time).ReadAsync(TimeSpan.Zero, ct);
        if (RingDrift.WhyUnread(snapshot) is { } why && !(cluster.IsUnborn && snapshot.Views.Any(v => v.Mode is not null)))
        {
            // Of an unborn cluster somebody who answers, and is in no ring, is enough.
            throw new RecoverableException(why);
        }

        var drift = await RingDrift.FindAsync(snapshot, ImmutableSortedSet<string>.Empty, http, ct, mayFound: cluster.IsUnborn);
        await output.WriteLineAsync(!drift.IsEmpty ? $"{cluster.Name}: differs from the ring"
            : cluster.IsUnborn ? $"{cluster.Name}: {cluster.Nodes.Length} nodes, no ring yet" : $"{cluster.Name}: {cluster.Nodes.Length} nodes, as the ring says");
        foreach (var node in cluster.Nodes.Where(n => !n.IsInRing))
        {
            await output.WriteLineAsync(snapshot.Of(node).Node is { IsInRing: true } joined
                ? $"  {node.Name} has joined: add host_id: {joined.HostId}" : $"  {node.Name} is not in the ring yet");
        }

        foreach (var difference in drift)
        {
            await output.WriteLineAsync($"  {difference}");
        }

        return !drift.IsEmpty;
    }

    private async Task<int> ImportAsync(InventoryArguments arguments, CancellationToken ct)
    {
        if (arguments.Out is { } taken && File.Exists(taken))
        {
            await errors.WriteLineAsync($"{taken} exists already: choose another name, or remove it first");
            return 2;
        }

        var source = SourceOf(arguments);
        if (!source.Errors.IsEmpty || source.Hosts.IsEmpty)
        {
            await errors.WriteLineAsync(source.Errors.IsEmpty ? "no host was found there" : string.Join('\n', source.Errors));
            return 2;
        }

        var clusters = ImmutableArray.CreateBuilder<Cluster>();
        var notes = new List<string>();
        foreach (var group in source.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal))
        {
            await errors.WriteLineAsync($"asking {group.Count()} hosts{(group.Key is { } label ? $" of {label}" : "")} …");
            var imported = await LiveImport.ReadAsync(arguments.RequestOf(group.Key, [.. group]), http, ct);
            notes.AddRange(imported.Notes);
            if (imported.Cluster is { } cluster)
            {
                clusters.Add(cluster);
            }
        }

        notes.ForEach(errors.WriteLine);
        if (clusters.Count == 0)
        {
            return 1;
        }

        await WriteAsync(InventoryText.Of(
            new Inventory(clusters.ToImmutable()), ["Written by `ScyllaBot inventory import`. Read it through before it is used.", .. notes.Select(n => $"note: {n}")]), arguments.Out);
        return 0;
    }

    private async Task WriteAsync(string text, string? path)
    {
        if (path is null)
        {
            await output.WriteAsync(text);
            return;
        }

        await using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew));
        await file.WriteAsync(text);
        await errors.WriteLineAsync($"written to {path}");
    }

    private static ImportSource SourceOf(InventoryArguments arguments) => arguments switch
    {
        { FromNode: { } hosts } => new ImportSource([.. hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(h => new ImportHost(h, null, null, null))], []),
        { FromFile: { } file } => ScrapeTargets.Read(Path.GetFileName(file), TextOf(file)),
        { FromAnsible: { } file } => AnsibleHosts.Read(Path.GetFileName(file), TextOf(file), arguments.Group),
        _ => new ImportSource([], ["one of --from-node, --from-file and --from-ansible is needed"]),
    };

    private static string TextOf(string path) => BoundedText.Read(path, MaxFileBytes)
        ?? throw new StartRefusedException($"{path} is longer than {MaxFileBytes / 1024 / 1024} MiB");
}
