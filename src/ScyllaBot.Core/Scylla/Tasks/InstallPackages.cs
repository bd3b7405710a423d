using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Installs packages at exact versions by apt-get, dnf or yum, whichever the node has; configuration files stay as they are. A package of
/// several parts, as scylla is, needs all of them named where the version is not the newest. Then hold them.
/// </summary>
[Undo("install the version of before, where the new one has not changed data on disk")]
[Tag("install-packages", "Install packages", Direction.TakesDown, Risk.Disruptive, Interruptible.No)]
[Example("versions: [scylla=2026.2.6-0.20260901.fedcba987654-1]")]
public sealed record InstallPackages : INodeTask, IMayRestartScylla
{
    [Description("Packages with their exact versions, as name=version"), MinLength(1),
     RegularExpression(PackageTool.NamePattern + "=" + PackageTool.VersionPattern)]
    public required IReadOnlyList<string> Versions { get; init; }

    /// <value>Default false.</value>
    [Description("An older version than the installed one may be put in its place")]
    public bool AllowDowngrade { get; init; }

    /// <value>Default true.</value>
    [Description("Read the repositories' lists first")]
    public bool Refresh { get; init; } = true;

    /// <value>Default true: a package's scripts may restart it (R1).</value>
    [Description("False: Scylla goes on as it is, and a restart of it halts the job")]
    public bool RestartsScylla { get; init; } = true;

    public IReadOnlyList<INodeCondition> Preconditions => RestartsScylla ? [new QuorumSafe(), new ClusterNormal()] : [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => ScyllaRun.KeptAsync(context, this, () => InstallAsync(context, ct), ct);

    private async Task InstallAsync(NodeContext context, CancellationToken ct)
    {
        var packages = await Packages.OfAsync(context, ct);
        var wanted = Versions.Select(v => v.Split('=', 2)).Select(p => (Name: p[0], Version: p[1])).ToImmutableArray();
        var before = await packages.InstalledAsync(wanted.Select(p => p.Name), ct);
        if (Missing(packages, wanted, before).IsEmpty)
        {
            context.Log.Write("All packages are installed already");
            return;
        }

        if (await packages.HeldAsync(wanted.Select(p => p.Name), ct) is { IsEmpty: false } held)
        {
            throw new UnrecoverableException($"{context.Node.Name}: {string.Join(", ", held)} {(held.Length == 1 ? "is" : "are")} held: unhold-packages first");
        }

        // It would start Scylla in the middle of this (R10).
        await RescueTimer.CancelAsync(context, ct);
        if (Refresh)
        {
            await packages.RefreshAsync(ct);
        }

        await packages.InstallAsync(wanted, AllowDowngrade, ct);
        var after = await packages.InstalledAsync(wanted.Select(p => p.Name), ct);
        if (Missing(packages, wanted, after) is { IsEmpty: false } missing)
        {
            throw new UnrecoverableException(
                $"{context.Node.Name}: installing ended well, but {string.Join(", ", missing.Select(p => $"{p.Name} is {after.GetValueOrDefault(p.Name, "not there")}"))}");
        }

        foreach (var (name, _) in wanted)
        {
            context.Log.Write($"{name}: {before.GetValueOrDefault(name, "not installed")} → {after[name]}");
        }
    }

    private static ImmutableArray<(string Name, string Version)> Missing(
        Packages packages, ImmutableArray<(string Name, string Version)> wanted, ImmutableSortedDictionary<string, string> installed) =>
        [.. wanted.Where(p => !installed.TryGetValue(p.Name, out var version) || !packages.Is(version, p.Version))];
}
