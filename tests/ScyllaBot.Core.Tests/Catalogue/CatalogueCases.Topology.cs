using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Catalogue;

internal static partial class CatalogueCases
{
    private static readonly BedOptions MayRemove = new() { Enables = ["remove-node", "exclude-node"] };

    private static IEnumerable<CatalogueCase> Topology =>
    [
        new("decommission") { Effects = ["decommission", "left"] },
        new("abort-movement") { Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithTablets(600) }, Prepare = Leaving, Effects = ["task-abort"] },
        new("remove-node") { Inputs = $"fenced_host_id: {HostIdOf("b1")}", Options = MayRemove, Prepare = Dead, Effects = ["remove-node", "left"] },
        new("exclude-node") { Inputs = $"fenced_host_id: {HostIdOf("b1")}", Options = MayRemove, Prepare = Dead, Effects = ["exclude"] },
        new("rebuild") { Repeat = Idempotent.ByAttempt, Effects = ["rebuild"] },
        new("tablet-balancing") { Inputs = "set: off", Effects = ["balancing-off"] },
        new("quiesce-topology"),
        new("read-barrier"),
        new("raft-stepdown") { Effects = ["stepdown"] },
        new("native-transport-off") { Effects = ["cql-off"] },
        new("native-transport-on") { Prepare = CqlClosed, Effects = ["cql-on"] },
        new("throughput-limits") { Effects = ["compaction-throughput", "stream-throughput"] },
        new("log-marker") { Repeat = Idempotent.ByAttempt },
        new("prepare-replace")
        {
            Inputs = $"fenced_host_id: {HostIdOf("b2")}",
            Options = new BedOptions { Plan = SpareInB, WithSpares = true },
            Prepare = bed => Dead(bed, "b2"),
            Effects = ["write"],
        },
        new("check-seeds"),
        new("configure-node")
        {
            Inputs = "cluster_name: mini\nseeds: [c1, d1]", Options = new BedOptions { Plan = SpareInB, SparesAreNew = true }, Effects = ["write"],
        },
        new("settle-join") { Options = new BedOptions { Plan = SpareInB, SparesAreNew = true }, Prepare = JoinRefused, Effects = ["disable"] },
        new("settle-join") { Variant = "of a member" },
        new("check-new-node") { Options = new BedOptions { Plan = SpareInB, SparesAreNew = true } },
    ];

    /// <summary>The same in every world of one seed, as the catalogue's runs are.</summary>
    private static Guid HostIdOf(string node) => new Dice(1).Uuid(node);

    private static void Dead(EngineBed bed) => Dead(bed, "b1");

    private static void Dead(EngineBed bed, string node)
    {
        bed.World.Agenda.Run(() => bed.Sim(node).Kill(Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(31));
    }

    /// <summary>Its tablets are being drained.</summary>
    private static void Leaving(EngineBed bed)
    {
        _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Topology.DecommissionAsync(bed.Sim("b1"), Cause.Nobody));
        bed.Pass(TimeSpan.FromSeconds(5));
    }

    /// <summary>It asks to join while a member is dead, and is refused for ever.</summary>
    private static void JoinRefused(EngineBed bed)
    {
        bed.World.Agenda.Run(() => bed.Sim("c1").Kill(Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(1));
        _ = bed.World.Agenda.Run(() => bed.Sim("b1").Unit.StartAsync(Cause.Nobody, "start"));
        bed.Pass(TimeSpan.FromMinutes(3));
        _ = bed.World.Agenda.Run(() => bed.Sim("c1").Unit.StartAsync(Cause.Nobody, "start"));
        bed.Pass(TimeSpan.FromMinutes(3));
    }

    private static void CqlClosed(EngineBed bed) => bed.World.Agenda.Run(() => bed.Sim("b1").SetCql(on: false, Cause.Nobody));

    /// <summary>b1 is the machine that is to take the place of b2.</summary>
    private static ClusterPlan SpareInB(Dice dice)
    {
        var plan = BedClusters.Plan(dice, ("b", 3), ("c", 1), ("d", 1));
        return plan with { Nodes = [.. plan.Nodes.Skip(1)], Spares = [plan.Nodes[0]] };
    }
}
