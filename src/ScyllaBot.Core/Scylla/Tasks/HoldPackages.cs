using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Keeps packages at their version until they are let go: no upgrade by hand or by night moves them. With dnf and yum this needs their versionlock plugin.</summary>
[Undo("release the packages again")]
[Tag("hold-packages", "Hold packages", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.PackageHold)]
[Example("packages: [scylla, scylla-server]")]
public sealed record HoldPackages : INodeTask
{
    [Description("Packages to hold"), MinLength(1), RegularExpression(PackageTool.NamePattern)]
    public required IReadOnlyList<string> Packages { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    /// <summary>A hold is meant to outlive its job; half a year later somebody should look whether it still is.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        foreach (var package in Packages)
        {
            await context.Debts.OpenAsync(new Owing(
                DebtKind.PackageHold, SubjectOf(context.Node, package), $"package {package} of {context.Node.Name} is held at its version", Kept,
                DebtUndo.Of("unhold-packages", context.Node.Name, byItself: false, ("packages", package)), DebtNature.Kept), ct);
        }

        await PackageHold.SetAsync(context, Packages, on: true, ct);
    }

    internal static string SubjectOf(Node node, string package) => $"{node.Name}/{package}";
}
