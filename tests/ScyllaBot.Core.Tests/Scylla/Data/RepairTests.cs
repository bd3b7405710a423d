using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Data;

public sealed class RepairTests
{
    [Fact]
    public void Vnode_keyspaces_are_repaired_on_every_node_one_after_another()
    {
        using var bed = DataBed.Of("repair");
        var most = 0;
        bed.Ports.Saw = _ => most = Math.Max(most, bed.World.Nodes.Sum(n => n.Repairs.Active.Count()));
        bed.UntilState(bed.Begin(), JobState.Ended);
        Assert.Equal(1, most);
        Assert.Equal(["b1", "b1", "b2", "b2", "c1", "c1", "d1", "d1"], bed.Effects.Where(e => e.Kind == "repair").Select(e => e.Node));
    }

    [Fact]
    public void Tablet_tables_are_repaired_as_a_whole_and_vnode_keyspaces_beside_them()
    {
        using var bed = DataBed.Tablets("repair\n    mode: both");
        bed.UntilState(bed.ToEnd(), JobState.Ended);
        Assert.Equal(2, bed.Count("tablet-repair"));
        Assert.Equal(12, bed.Count("repair"));
    }

    [Fact]
    public void A_step_of_a_node_does_not_repair_tablets_once_for_each_node()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !repair"));
        bed.ToEnd();
        Assert.Contains("tablet tables are repaired as a whole", bed.Halt(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repair_dies_with_the_process_that_ran_it_and_its_number_lies_afterwards()
    {
        using var bed = DataBed.Of("repair\n    keyspaces: [discord]");
        var id = bed.Begin();
        bed.Until(() => bed.Sim("b1").Repairs.Active.Any());
        bed.World.Agenda.Run(() => bed.Sim("b1").Kill(Cause.Nobody));
        bed.Boot("b1");
        bed.UntilState(id, JobState.Halted);
        Assert.Equal("b1 was restarted while it repaired discord: that repair died with it", bed.Halt());

        // The trap itself (facts 1.14): the new process answers for a number it never gave out.
        bed.World.Agenda.Run(() => bed.Sim("b1").Repairs.Start(bed.World.Clusters[0].Keyspaces[0], Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(3));
        Assert.Equal("SUCCESSFUL", bed.World.Agenda.Run(() => bed.Sim("b1").Repairs.StatusOf(1)));
        Assert.Null(bed.World.Agenda.Run(() => bed.Sim("b1").Repairs.StatusOf(2)));
    }

    [Fact]
    public void The_client_does_not_believe_a_number_of_an_earlier_process()
    {
        using var bed = DataBed.Of("probe");
        var state = DataBed.Ask(
            async (b, context, ct) =>
            {
                var api = context.Api(context.Cluster.Nodes[0]);
                var repair = await api.StartRepairAsync("discord", ct);
                Assert.Equal(RepairState.Running, await api.RepairStateAsync(repair, ct));
                Assert.Equal(repair.Number, Assert.Single(await api.ActiveRepairsAsync(ct)));
                b.World.Agenda.Run(() => b.Sim("b1").Kill(Cause.Nobody));
                b.Boot("b1");
                await Task.Delay(TimeSpan.FromMinutes(3), context.Time, ct);
                _ = await api.StartRepairAsync("discord", ct);
                return await api.RepairStateAsync(repair, ct);
            },
            bed);
        Assert.Equal(RepairState.Lost, state);
    }

    [Fact]
    public void A_tablet_keyspace_refuses_the_vnode_call_and_repairs_can_be_ended()
    {
        using var bed = DataBed.Tablets("probe");
        var (refused, ended) = DataBed.Ask(
            async (_, context, ct) =>
            {
                var api = context.Api(context.Cluster.Nodes[0]);
                var no = await Assert.ThrowsAsync<UnrecoverableException>(() => api.StartRepairAsync("search", ct));
                var repair = await api.StartRepairAsync("system_distributed", ct);
                await api.TerminateRepairsAsync(ct);
                return (no.Message, await api.RepairStateAsync(repair, ct));
            },
            bed);
        Assert.Contains("403 Cannot repair tablet keyspace", refused, StringComparison.Ordinal);
        Assert.Equal(RepairState.Failed, ended);
    }

    [Fact]
    public void A_host_that_dies_while_a_repair_runs_follows_the_same_one_afterwards()
    {
        using var bed = DataBed.Of("repair\n    keyspaces: [discord]");
        var id = bed.Begin();
        bed.Until(() => bed.Sim("b1").Repairs.Active.Any());
        bed.Kill();
        bed.Pass(TimeSpan.FromSeconds(2));
        bed.StartHost();
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, bed.Count("repair"));
        Assert.Contains(bed.Log, l => l.Text.Contains("number 1, begun before", StringComparison.Ordinal));
    }
}
