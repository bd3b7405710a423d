using System.Text.Json;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>The life of a shadow cluster.</summary>
internal static partial class CatalogueCases
{
    private const string OfOrigin = $"source: {BedClusters.SourceName}\nkeyspaces: [discord]";

    private static readonly BedOptions Shadows = new()
    {
        Plan = dice => BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 1)) with { ShadowOf = BedClusters.SourceName },
        Beside = dice => [BedClusters.Source(dice)],
        Enables = ["shadow-cluster", "tear-down"],
        Approvals = new ApprovalPolicy { Starts = new ApprovalPolicy().Starts.SetItem(Core.Clusters.ClusterEnvironment.Sandbox, 2) },
    };

    private static IEnumerable<CatalogueCase> Shadow =>
    [
        new("provision-hosts")
        {
            Options = Shadows with { SparesAreNew = true, Plan = dice => BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 1)).WithSpare("b", dice).WithSpare("d", dice) with { ShadowOf = BedClusters.SourceName } },
            Effects = ["provision"],
        },
        new("check-first-node")
        {
            Options = new BedOptions { SparesAreNew = true, Plan = dice => BedClusters.Plan(dice, ("b", 1), ("c", 1), ("d", 1)) is var plan ? plan with { Nodes = [], Spares = plan.Nodes } : null! },
        },
        new("destroy-hosts") { Inputs = $"cluster_name: {BedClusters.Name}", Options = Shadows, Repeat = Idempotent.ByAttempt, Effects = ["destroy"] },
        new("dual-writes-on") { Inputs = OfOrigin, Options = Shadows, Effects = ["dual-writes-on"] },
        new("dual-writes-off") { Options = Shadows, Prepare = bed => Mirror(bed, "writes", "percent\":100"), Effects = ["dual-writes-off"] },
        new("dual-writes-off") { Variant = "while it copies", Options = Shadows, Prepare = bed => Mirror(bed, "copies/old", "percent\":100"), Effects = ["copy-stopped"] },
        new("copy-data") { Inputs = OfOrigin, Options = Shadows, Prepare = bed => Mirror(bed, "writes", "percent\":100"), Repeat = Idempotent.ByAttempt, Effects = ["copy"] },
        new("compare-reads") { Inputs = OfOrigin, Options = Shadows, Effects = ["compare-on"] },
        new("compare-reads-off") { Options = Shadows, Prepare = bed => Mirror(bed, "reads", "sample_percent\":1"), Effects = ["compare-off"] },
        new("shadow-verdict")
        {
            Inputs = $"source: {BedClusters.SourceName}\nchannels: [infra-doing]", Options = Shadows, Repeat = Idempotent.ByAttempt, Effects = ["announced"],
        },
    ];

    private static void Mirror(EngineBed bed, string what, string share)
    {
        var body = $"{{\"source\":{JsonSerializer.Serialize(BedClusters.SourceName)},\"keyspaces\":[\"discord\"],\"{share}}}";
        _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Services.OfType<SimMirror>().Single().AnswerAsync(
            new ServiceCall("PUT", $"/v1/mirrors/{BedClusters.Name}/{what}", [], new Dictionary<string, string>(StringComparer.Ordinal), body)));
        bed.Pass(TimeSpan.FromSeconds(30));
    }
}
