using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Deletes Scylla's data of a machine that is in no ring, so that it can join as a new node (facts 7.17). Refuses production, a member of the
/// ring, a unit that runs or could start at boot, and directories that are not Scylla's own (R17).
/// </summary>
[PointOfNoReturn("all data on the machine")]
[Tag("wipe-data", "Wipe Scylla's data", Direction.Neutral, Risk.Destructive, Interruptible.No)]
[Example("host_name: scylla-messages-stg-us-east1-b-1")]
public sealed record WipeData : INodeTask, IChangesMembership, IRefusesClusters
{
    private const string Root = "/var/lib/scylla";
    private static readonly ImmutableArray<string> Folders = ["data", "commitlog", "hints", "view_hints"];
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    [Description("The node's name once more, typed by whoever asks for this"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,252}")]
    public required string HostName { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public string? WhyNever(Cluster cluster, Inventory inventory) => cluster.Environment == ClusterEnvironment.Production ? $"{cluster.Name} is production: its data is never wiped (R17)"
        : !cluster.Enables.Contains("wipe-data") ? $"{cluster.Name} does not enable wipe-data: whoever keeps the inventory may" : null;

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        RefuseByInventory(context);
        await RefuseMemberAsync(context, ct);
        await RefuseForeignDirectoriesAsync(context, ct);

        // Started on an empty disk it would join as somebody new (R10). Looked at after the timer is gone: it may have fired meanwhile.
        await RescueTimer.CancelAsync(context, ct);
        await RefuseRunningAsync(context, ct);
        if (await FilledAsync(context, ct) is not { Length: > 0 } filled)
        {
            context.Log.Write("There is no data");
            return;
        }

        var deleted = await context.RunAsync(["wipe", .. filled], Patience, ct);
        if (await FilledAsync(context, ct) is { Length: > 0 } left)
        {
            throw new UnrecoverableException($"{context.Node.Name}: {string.Join(", ", left)} still hold data: exit {deleted.Exit}: {CommandOutput.Tail(deleted.Output)}");
        }

        context.Log.Write($"{string.Join(", ", filled)} are empty now");
    }

    private void RefuseByInventory(NodeContext context)
    {
        var (cluster, node) = (context.Cluster, context.Node.Name);
        var why = WhyNever(cluster, context.Inventory) ?? (HostName != node ? $"the typed name {HostName} is not {node}" : null);
        if (why is not null)
        {
            throw new UnrecoverableException(why);
        }
    }

    private static async Task RefuseMemberAsync(NodeContext context, CancellationToken ct)
    {
        var node = context.Node;
        foreach (var peer in context.Cluster.Members.Where(n => n.Name != node.Name))
        {
            var ids = await context.Api(peer).HostIdsAsync(ct)
                ?? throw new RecoverableException($"{peer.Name} can not be asked whether {node.Name} is in its ring");
            if (ids.ContainsKey(node.Address) || (node.IsInRing && ids.ContainsValue(node.HostId)))
            {
                throw new UnrecoverableException($"{peer.Name} knows {node.Name} as a member of the ring: decommission or remove it first (R17)");
            }
        }
    }

    private static async Task RefuseRunningAsync(NodeContext context, CancellationToken ct)
    {
        var (state, enabled) = (await Systemd.StateAsync(context, Systemd.Scylla, ct), await Systemd.EnabledAsync(context, Systemd.Scylla, ct));
        if (state is not ("inactive" or "failed") || enabled is not ("disabled" or "masked"))
        {
            throw new UnrecoverableException(
                $"{context.Node.Name}: {Systemd.Scylla} is {CommandOutput.Tail(state)} and {CommandOutput.Tail(enabled)}: it must be stopped and disabled first");
        }
    }

    private static async Task RefuseForeignDirectoriesAsync(NodeContext context, CancellationToken ct)
    {
        var yaml = ScyllaYaml.Parse(await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct) ?? "", ScyllaYaml.Path);
        var odd = ScyllaYaml.TextsOf(yaml, "workdir", "data_file_directories", "commitlog_directory", "schema_commitlog_directory", "hints_directory", "view_hints_directory", "saved_caches_directory")
            .FirstOrDefault(path => path.TrimEnd('/') != Root && !path.StartsWith(Root + "/", StringComparison.Ordinal));
        if (odd is not null)
        {
            throw new UnrecoverableException($"{context.Node.Name}: its scylla.yaml puts data into {odd}, not below {Root}: wipe it by hand");
        }
    }

    /// <summary>Scylla's directories that hold something.</summary>
    private static async Task<ImmutableArray<string>> FilledAsync(NodeContext context, CancellationToken ct)
    {
        var filled = ImmutableArray.CreateBuilder<string>();
        foreach (var path in Folders.Select(folder => $"{Root}/{folder}"))
        {
            if (await NodeFiles.NamesAsync(context, path, ct) is { Length: > 0 })
            {
                filled.Add(path);
            }
        }

        return filled.ToImmutable();
    }
}
