using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

/// <summary>Scylla's versions as the simulated repository has them.</summary>
internal static class Releases
{
    public const string Found = "2026.2.5";
    public const string Patch = "2026.2.6";
    public const string Next = "2026.3.0";
    public const string AfterNext = "2026.4.0";

    public static string PackageOf(string version) => "scylla=" + version switch
    {
        Found => PackageStore.ScyllaFound + "-1",
        Patch => "2026.2.6-0.20260901.fedcba987654-1",
        Next => "2026.3.0-0.20261001.aaaabbbbcccc-1",
        AfterNext => "2026.4.0-0.20270101.ddddeeeeffff-1",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "not on offer"),
    };

    /// <summary>The package is installed by somebody else's hand; what runs goes on.</summary>
    public static void Lay(EngineBed bed, string version, params string[] nodes) => bed.World.Agenda.Run(() =>
    {
        foreach (var node in nodes)
        {
            bed.Sim(node).Machine.Packages.Install([PackageOf(version)], downgrades: true, changesHeld: false, Cause.Nobody);
        }
    });

    /// <summary>These nodes run the version already, as a job before this one left them.</summary>
    public static void Run(EngineBed bed, string version, params string[] nodes)
    {
        Lay(bed, version, nodes);
        foreach (var node in nodes)
        {
            _ = bed.World.Agenda.Run(() => bed.Sim(node).Unit.RestartAsync(Cause.Nobody));
            bed.Pass(TimeSpan.FromMinutes(3));
        }

        bed.History.Clear();
        bed.World.Agenda.Run(bed.Oracle.Reset);
    }

    public static string VersionOf(EngineBed bed, string node) => bed.Sim(node).Machine.RunningVersion.Split('-')[0];

    public static void AllRun(WorkflowRun run, string version) =>
        Assert.All(run.Bed.World.Nodes, n => Assert.Equal(version, VersionOf(run.Bed, n.Id.Name)));
}
