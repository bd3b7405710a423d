using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Lets packages be upgraded again. With dnf and yum this needs their versionlock plugin.</summary>
[Undo("hold the packages again")]
[Tag("unhold-packages", "Unhold packages", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.PackageHold)]
[Example("packages: [scylla, scylla-server]")]
public sealed record UnholdPackages : INodeTask
{
    [Description("Packages to unhold"), MinLength(1), RegularExpression(PackageTool.NamePattern)]
    public required IReadOnlyList<string> Packages { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await PackageHold.SetAsync(context, Packages, on: false, ct);
        foreach (var package in Packages)
        {
            await context.Debts.PayAsync(DebtKind.PackageHold, HoldPackages.SubjectOf(context.Node, package), ct);
        }
    }
}
