using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>One case for each task of the catalogue; a task without one fails the suite.</summary>
internal static partial class CatalogueCases
{
    public static IEnumerable<CatalogueCase> All =>
    [
        .. Base,
        .. Data,
        .. Topology,
        .. Os,
        .. Watching,
        .. Shadow,
    ];

    private static IEnumerable<CatalogueCase> Base =>
    [
        new("scylla-drain") { Effects = ["drain"] },
        new("scylla-bring-back") { Prepare = Stopped, Effects = ["start"] },
        new("scylla-bring-back") { Variant = "anew", Inputs = "anew: true", Repeat = Idempotent.ByAttempt, Effects = ["stop", "start"] },
        // Another job arms a rescue timer of its own: that of the first is not its to count on.
        new("systemd-stop-scylla-server") { Repeat = Idempotent.ByAttempt, Effects = ["timer-armed", "stop"] },
        new("systemd-stop-scylla-server") { Variant = "without a timer", Inputs = "restart_after_seconds: 0", Effects = ["stop"] },
        new("systemd-stop-service") { Inputs = "service: scylla-server", Effects = ["stop"] },
        new("systemd-start-service") { Inputs = "service: scylla-server", Prepare = Stopped, Effects = ["start"] },
        new("wait-for-conditions"),
        new("node-workflow")
        {
            // With the repairs that are suspended around it (R26).
            Repeat = Idempotent.ByAttempt,
            Effects = ["drain", "timer-armed", "stop", "start", "timer-stopped", "manager-task", "manager-suspend", "manager-resume", "manager-task-deleted"],
        },
        new("send-webhook-message") { Repeat = Idempotent.ByAttempt, Effects = ["announced"] },
        new("wait-for-cluster"),
    ];

    private static void Stopped(EngineBed bed)
    {
        _ = bed.World.Agenda.Run(() => bed.Sim("b1").Unit.StopAsync(Sandbox.Clusters.Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(1));
    }
}
