using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tests.Workflows.Runs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>Machines that are to join.</summary>
public sealed class NewNodeHazardTests
{
    [Fact]
    public void H17_without_a_look_at_its_folders_a_machine_starts_with_the_data_of_an_earlier_life() => Trial.Shows("/var/lib/scylla/data is not empty", blind => Join(
        bed => bed.World.Agenda.Run(() =>
        {
            bed.Sim("b3").LeftRing();
            bed.Sim("b3").Machine.Files.Filled();
        }),
        blind ? Blindings.H17 : null,
        bed => bed.Effects.Any(e => e is { Node: "b3", Kind: "start" }) && bed.Sim("b3").Unit.ActiveState == "failed"));

    [Fact]
    public void H18_without_a_look_at_its_seeds_a_machine_begins_a_ring_of_its_own() => Trial.Shows("it names itself as a seed", blind => Join(
        bed => bed.World.Agenda.Run(() => bed.Sim("b3").Machine.Files.Find(
            MachineFiles.ScyllaYaml, $"seed_provider:\n    - class_name: x\n      parameters:\n          - seeds: \"{bed.Sim("b3").Id.Address}\"\n")),
        blind ? Blindings.H18 : null,
        bed => bed.Sim("b3") is { Serves: true, IsMember: false }));

    [Fact]
    public void H20_without_a_look_at_its_rack_a_machine_joins_in_another_one_for_ever() => Trial.Shows("says us-east1/c, and the inventory us-east1/b", blind => Join(
        bed => bed.World.Agenda.Run(() => bed.Sim("b3").Machine.Files.Find(MachineFiles.RackFile, "dc=us-east1\nrack=c\n")),
        blind ? Blindings.H20 : null,
        bed => bed.Sim("b3") is { Ring: RingState.Normal, Id.Rack: "c" }));

    private static Trial Join(Action<EngineBed> misfortune, Action<EngineBed>? blind, Func<EngineBed, bool> harm) => Trial.Of(
        new WorkflowCase("add_nodes_to_cluster")
        {
            Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice), SparesAreNew = true },
            Target = new Target.Named(["b3"]),
            Prepare = bed =>
            {
                misfortune(bed);
                blind?.Invoke(bed);
            },
        },
        run => harm(run.Bed));
}
