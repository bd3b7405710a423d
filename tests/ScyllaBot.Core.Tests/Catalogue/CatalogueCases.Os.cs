using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>The machine below Scylla: units, packages, files, commands.</summary>
internal static partial class CatalogueCases
{
    private static readonly BedOptions MayRun = new() { Enables = ["run-command"] };

    private static IEnumerable<CatalogueCase> Os =>
    [
        new("reboot") { Repeat = Idempotent.ByAttempt, Effects = ["reboot", "stop", "start"] },
        new("put-file") { Effects = ["write"] },
        new("put-file") { Variant = "over another", Inputs = "path: /etc/scylla.d/cpuset.conf\ncontent: SCYLLA_ARGS=\"--smp 2\"\nmode: \"0600\"", Effects = ["write"] },
        // Once more means: changed once more, put back once more.
        new("put-back-file") { First = "- task: !apply-scylla-yaml\n    settings: [auto_snapshot=false]", Repeat = Idempotent.ByAttempt, Effects = ["write"] },
        new("send-sighup") { Repeat = Idempotent.ByAttempt, Effects = ["sighup"] },
        new("apply-scylla-yaml") { Inputs = "settings: [num_tokens=8, auto_snapshot=false]", Effects = ["write"] },
        new("set-config-live") { Effects = ["write", "sighup"] },
        new("install-packages") { Effects = ["install"] },
        new("install-packages")
        {
            Variant = "beside Scylla", Inputs = "versions: [scylla-manager-agent=3.5.1-0.20250801.77aa0b1c2d-1]\nrestarts_scylla: false", Effects = ["install"],
        },
        new("hold-packages") { Effects = ["hold"] },
        new("unhold-packages") { Prepare = Held, Effects = ["unhold"] },
        new("systemd-restart-service") { Repeat = Idempotent.ByAttempt, Effects = ["unit-restart"] },
        new("systemd-restart-service") { Variant = "of Scylla", Inputs = "service: scylla-server", Repeat = Idempotent.ByAttempt, Effects = ["stop", "start"] },
        new("systemd-enable-service") { Prepare = Disabled, Effects = ["enable"] },
        new("systemd-disable-service") { Inputs = "service: scylla-server", Effects = ["disable"] },

        // It changes nothing that anybody could see, and once more does no harm.
        new("systemd-daemon-reload"),
        new("run-command")
        {
            Inputs = "command: [logger, hello]\nrestarts_scylla: false", Options = MayRun, Repeat = Idempotent.ByAttempt, Effects = ["logger"],
        },
        new("wipe-data")
        {
            Inputs = "host_name: b1", Options = new BedOptions { Plan = SpareInB, WithSpares = true, Enables = ["wipe-data"] }, Prepare = OldData,
            Effects = ["empty"],
        },
    ];

    private static void Held(EngineBed bed) => bed.World.Agenda.Run(() =>
    {
        foreach (var package in new[] { "scylla", "scylla-server", "chrony" })
        {
            bed.Sim("b1").Machine.Packages.Hold(package, on: true, Cause.Nobody);
        }
    });

    private static void Disabled(EngineBed bed) =>
        bed.World.Agenda.Run(() => bed.Sim("b1").Machine.Units.Enable("scylla-server.service", on: false, Cause.Nobody));

    /// <summary>b1 has the data of an earlier life; its unit neither runs nor would start.</summary>
    private static void OldData(EngineBed bed)
    {
        Disabled(bed);
        bed.World.Agenda.Run(() => bed.Sim("b1").Machine.Files.Filled());
    }
}
