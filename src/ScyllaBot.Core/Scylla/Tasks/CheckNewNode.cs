using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Makes sure that a machine may join, before anything starts there: what is wrong at the first start can not be changed later (facts 4.6,
/// 7.17, 7.18, 7.20). It only reads. A workflow that has it may be given nodes that are not in the ring yet.
/// </summary>
[Tag("check-new-node", "Check a machine that is to join", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("configured: false")]
[Owes(Jobs.DebtKind.Cleanup)]
public sealed record CheckNewNode : INodeTask, IJoinsRing
{
    private static readonly ImmutableArray<string> Folders = ["data", "commitlog", "hints", "view_hints"];

    /// <value>Default false: what scylla.yaml does not say yet is left to whatever configures the machine.</value>
    [Description("Its scylla.yaml must be complete already: the next step starts Scylla and nothing else")]
    public bool Configured { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [new ClockInSync()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await NewNode.RefuseMemberAsync(context, ct);
        if (await Systemd.StateAsync(context, Systemd.Scylla, ct) is not ("inactive" or "failed") and var state)
        {
            throw new UnrecoverableException($"{context.Node.Name}: scylla-server is {CommandOutput.Tail(state)} although it is in no ring: stop it, and look at what it joined (facts 7.18)");
        }

        foreach (var path in Folders.Select(folder => $"/var/lib/scylla/{folder}"))
        {
            if (await NodeFiles.NamesAsync(context, path, ct) is [var name, ..])
            {
                throw new UnrecoverableException($"{context.Node.Name}: {path} is not empty ({name} …): it never joins with old data, wipe it first (facts 7.17)");
            }
        }

        var peer = await NewNode.PeerAsync(context, ct);
        await RefuseVersionAsync(context, peer, ct);
        var wrong = await NewNode.WhyNotFittingAsync(context, peer, Configured, ct);
        if (wrong.Length > 0)
        {
            throw new UnrecoverableException($"{context.Node.Name} does not fit {peer.Name}: {string.Join("; ", wrong)} (facts 7.20)");
        }

        context.Log.Write($"It fits {peer.Name}: empty disks, the same version{(Configured ? ", the same configuration" : "")}, in no ring");
    }

    /// <summary>Rolling a mixed join back is not possible: the same version up to the build (facts 4.6).</summary>
    private static async Task RefuseVersionAsync(NodeContext context, Node peer, CancellationToken ct)
    {
        var running = (await context.Api(peer).VersionAsync(ct)).Split('-')[0];
        var packages = await Packages.OfAsync(context, ct);
        var installed = await packages.InstalledAsync(["scylla-server", "scylla"], ct);
        var (name, version) = installed.FirstOrDefault(p => p.Key is "scylla-server") is { Key: not null } server ? server : installed.FirstOrDefault();
        if (name is null)
        {
            throw new UnrecoverableException($"{context.Node.Name}: Scylla is not installed");
        }

        if (version.Split('-')[0] is var own && own != running)
        {
            throw new UnrecoverableException($"{context.Node.Name} has {name} {own}, and {peer.Name} runs {running}: install the same version first (facts 7.20)");
        }
    }
}
