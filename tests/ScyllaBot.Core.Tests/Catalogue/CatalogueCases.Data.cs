using System.Text.Json.Nodes;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>Work on data and Scylla Manager.</summary>
internal static partial class CatalogueCases
{
    private static IEnumerable<CatalogueCase> Data =>
    [
        // A minute later there is something to flush again.
        new("flush") { Repeat = Idempotent.ByAttempt, Effects = ["flush"] },
        new("compact") { Repeat = Idempotent.ByAttempt, Effects = ["major-compaction"] },
        new("upgrade-sstables") { Effects = ["upgrade-sstables"] },
        new("cleanup") { Prepare = bed => Dirty(bed, "b1"), Effects = ["cleanup", "marked-clean"] },
        new("cleanup-cluster") { Prepare = bed => Dirty(bed, "b1", "b2", "c1", "d1"), Effects = ["cleanup"] },
        new("snapshot") { Repeat = Idempotent.ByAttempt, Effects = ["snapshot"] },
        new("clear-snapshots") { Prepare = Snapshots, Effects = ["snapshot-clear"] },
        new("repair") { Repeat = Idempotent.ByAttempt, Effects = ["repair"] },
        new("manager-suspend") { Effects = ["manager-task", "manager-suspend"] },
        new("manager-resume") { Prepare = SuspendedByUs, IsOfAnother = true, Effects = ["manager-resume", "manager-task-deleted"] },
        new("manager-repair") { Inputs = "keyspaces: [discord]", Repeat = Idempotent.ByAttempt, Effects = ["manager-task", "repair"] },
        new("get-repair-status"),
    ];

    private static void Dirty(EngineBed bed, params string[] nodes) => bed.World.Agenda.Run(() =>
    {
        foreach (var node in nodes)
        {
            bed.Sim(node).Cleanup = CleanupStatus.Needed;
        }
    });

    private static void Snapshots(EngineBed bed) => bed.World.Agenda.Run(() =>
    {
        var store = bed.Sim("b1").Store;
        foreach (var tag in new[] { "scp-before_upgrade-01OLD", "scp-before_upgrade_2-01OLD", "mine" })
        {
            store.TakeSnapshot(tag, [("discord", "messages")]);
        }
    });

    private static void SuspendedByUs(EngineBed bed) => bed.World.Agenda.Run(() =>
    {
        var tasks = bed.World.Clusters[0].Services.OfType<SimScyllaManager>().Single().Tasks;
        tasks.Add("repair", mark =>
        {
            mark.Name = "scyllabot-suspended";
            mark.Enabled = false;
            mark.Labels = new JsonObject { ["scyllabot-suspended-by"] = "01OLD" };
        });
        tasks.Suspend(null, failIfRunning: true);
    });
}
