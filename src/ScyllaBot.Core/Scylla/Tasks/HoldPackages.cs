using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Keeps packages at their version until they are let go: no upgrade by hand or by night moves them. With dnf and yum this needs their versionlock plugin.</summary>
[Undo("release the packages again")]
[Tag("hold-packages", "Hold packages", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("packages: [scylla, scylla-server]")]
public sealed record HoldPackages : INodeTask
{
    [Description("Packages to hold"), MinLength(1), RegularExpression(PackageTool.NamePattern)]
    public required IReadOnlyList<string> Packages { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => PackageHold.SetAsync(context, Packages, on: true, ct);
}
