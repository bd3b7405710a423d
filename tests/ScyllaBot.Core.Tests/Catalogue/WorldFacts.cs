using System.Globalization;
using System.Text.RegularExpressions;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>What a simulated world is like, without anything that depends on when it happened.</summary>
internal static partial class WorldFacts
{
    public static string Of(SandboxWorld world) => world.Agenda.Run(() => string.Join('\n', world.Clusters.SelectMany(Of)));

    private static IEnumerable<string> Of(SimCluster cluster) =>
    [
        .. cluster.Nodes.Select(n => string.Create(
            CultureInfo.InvariantCulture, $"{n.Id.Name}: {n.Process} {n.Mode} gossip {n.Gossiping} cql {n.Cql} unit {n.Unit.ActiveState}/{n.Unit.Result}, {n.Cleanup}, {n.Store.Snapshots.Count} snapshots")),
        .. cluster.Machines.SelectMany(n => Of(n.Id.Name, n.Machine)),
        .. cluster.Services.OfType<SimAlertmanager>().Single().Silences.Select(s => $"silence {s.StateAt(cluster.Agenda.Now)} of {s.CreatedBy}: {s.Comment}"),
        .. cluster.Services.OfType<SimMirror>().Select(m => $"mirror {m.IsMirroring} compared {m.IsComparing} copies [{string.Join(' ', m.Copies.Select(c => $"{c.State} {c.Rows}"))}]"),
        $"{cluster.Name}: balancing {cluster.Balancing}, manager suspended {cluster.Services.OfType<SimScyllaManager>().Single().Tasks.Suspended}",
    ];

    private static IEnumerable<string> Of(string name, Machine machine) =>
    [
        $"{name}: boot {machine.BootId} up {machine.IsUp} {(machine.Exists ? "" : "gone")}, runs {machine.RunningVersion}, timers [{string.Join(' ', machine.Timers.Waiting)}]",
        $"{name}: units [{string.Join(' ', machine.Units.On)}], disabled [{string.Join(' ', machine.Units.Disabled)}]",
        $"{name}: packages [{string.Join(' ', machine.Packages.AllInstalled.Select(p => $"{p.Key}={p.Value}"))}], held [{string.Join(' ', machine.Packages.Held)}]",
        $"{name}: files [{string.Join(' ', machine.Files.All.Select(f => $"{f.Key}:{f.Value.Mode}:{f.Value.Owner}:{MachineFiles.Sha256(f.Value.Content)[..8]}"))}]",
        $"{name}: compaction limit {machine.Config.Value("compaction_throughput_mb_per_sec")}, marked [{string.Join("; ", Markers(machine))}]",
    ];

    // A marker may stand there twice and says itself that it is a repeat: what counts is what was said.
    private static IEnumerable<string> Markers(Machine machine) => Marker().Matches(machine.Journal.Show([]).Output)
        .Select(m => m.Groups["said"].Value).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"scyllabot \S+/\d+: (?<said>.*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marker();
}
