using System.Collections.Immutable;
using System.Text;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Clients.Contract.ClientCall;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>What is done on a node by commands, and what its metrics tell.</summary>
internal static partial class ClientCalls
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IEnumerable<ClientCall> Nodes =>
    [
        .. Commands,
        .. Units,
        .. Machine,
    ];

    public static IEnumerable<ClientCall> All => [.. Scylla, .. Services, .. Nodes];

    private static IEnumerable<ClientCall> Commands =>
    [
        Read("NodeCommands.RunAsync(node,argv,timeout,ct)", b => NodeCommands.RunAsync(b.Node, ["systemctl", "stop", "scylla-server"], Hour, Ct), r => r.Exit == 0),
        Read("NodeCommands.RunAsync(node,command,unknown,ct)",
            b => NodeCommands.RunAsync(b.Node, new RemoteCommand(["systemctl", "stop", "scylla-server"], Hour), null, Ct), r => r.Exit == 0),
        Read("NodeCommands.ReadAsync(channel,node,argv,timeout,ct)",
            b => NodeCommands.ReadAsync(b.Node.Commands, b.Node.Node, ["systemctl", "is-active", "scylla-server"], Minute, Ct), r => r.Output.Trim() == "active"),
        Read("NodeCommands.ReadAsync(channel,node,command,ct)",
            b => NodeCommands.ReadAsync(b.Node.Commands, b.Node.Node, new RemoteCommand(["systemctl", "is-active", "scylla-server"], Minute), Ct), r => r.Exit == 0),
        Read("NodeCommands.ReadAfterAsync", b => NodeCommands.ReadAfterAsync(b.Node, ["systemctl", "is-active", "scylla-server"], Minute, Ct), r => r.Exit == 0),
        Read("NodeCommands.ReadAsRootAsync", b => NodeCommands.ReadAsRootAsync(b.Node, ["cat", "/etc/scylla/scylla.yaml"], Minute, Ct), r => r.Output.Contains("cluster_name", StringComparison.Ordinal)),
        Read("NodeFootprints.ReadAsync", b => NodeFootprints.ReadAsync(b.Node.Commands, b.Node.Node, b.Cluster.Name, Ct), f => f is { Epoch: 0, Last: null, ScyllaRuns: true }),
        Read("Cqlsh.SelectAsync", b => Cqlsh.SelectAsync(b.Node.Commands, b.Node.Node, b.Cluster.Cql, "keyspace_name", "system_schema.keyspaces", Ct), a => a is CqlAnswer.Rows { All.Length: > 0 }),
        Read("CleanupStates.ReadAsync", b => CleanupStates.ReadAsync(b.Node, b.Node.Node, Ct), s => s?.Count == 4),
        Act("Ansible.RunAsync", b => new Ansible("site.yml", [], []).RunAsync(b.Node, Ct), _ => true),
        Read("Ansible.DiffAsync", b => new Ansible("site.yml", ["scylla"], ["a=b"]).DiffAsync(b.Node, Ct), text => text.Length > 0),
        Read("ScyllaJournal.FirstCursorAsync", b => ScyllaJournal.FirstCursorAsync(b.Node, Ct), c => c.Length > 0),
        Read("ScyllaJournal.RereadSinceAsync", async b =>
        {
            var cursor = await ScyllaJournal.FirstCursorAsync(b.Node, Ct);
            await Systemd.HangUpAsync(b.Node, Systemd.Scylla, Ct);
            await Task.Delay(Minute, b.Time, Ct);
            return await ScyllaJournal.RereadSinceAsync(b.Node, cursor, [], Ct);
        }, r => r is { Ended: true, Failure: null }),
        Read("ScyllaRun.IsTheFirstAsync", b => ScyllaRun.IsTheFirstAsync(b.Node, Ct), same => same),
        Act("ScyllaRun.KeptAsync", b => ScyllaRun.KeptAsync(b.Node, new Quiet(), () => Task.CompletedTask, Ct), _ => true),
    ];

    private static IEnumerable<ClientCall> Units =>
    [
        Act("Systemd.StopAsync", b => Systemd.StopAsync(b.Node, Systemd.Scylla, Ct), b => b.SimOf("b1").Unit.ActiveState == "inactive"),
        Read("Systemd.StateAsync", b => Systemd.StateAsync(b.Node, Systemd.Scylla, Ct), s => s == "active"),
        Act("Systemd.StartAsync", b => Systemd.StartAsync(b.Node, Systemd.Scylla, Ct), b => b.SimOf("b1").Unit.ActiveState == "active") with { Prepare = b => b.Stop("b1") },
        Act("Systemd.RestartAsync", b => Systemd.RestartAsync(b.Node, Systemd.Scylla, Ct), b => b.SimOf("b1").Unit.ActiveState == "active"),
        Read("Systemd.EnabledAsync", b => Systemd.EnabledAsync(b.Node, Systemd.Scylla, Ct), s => s == "enabled"),
        Act("Systemd.EnableAsync", b => Systemd.EnableAsync(b.Node, Systemd.Scylla, false, Ct), b => b.Do(() => Systemd.EnabledAsync(b.Node, Systemd.Scylla, Ct)) == "disabled"),
        Act("Systemd.DaemonReloadAsync", b => Systemd.DaemonReloadAsync(b.Node, Ct), _ => true),
        Act("Systemd.HangUpAsync", b => Systemd.HangUpAsync(b.Node, Systemd.Scylla, Ct), _ => true),
        Act("RescueTimer.ArmAsync", b => RescueTimer.ArmAsync(b.Node, Hour, Ct), b => TimerOf(b) == "active"),
        Act("RescueTimer.CancelAsync", async b =>
        {
            await RescueTimer.ArmAsync(b.Node, Hour, Ct);
            await RescueTimer.CancelAsync(b.Node, Ct);
        }, b => TimerOf(b) != "active"),
    ];

    private static IEnumerable<ClientCall> Machine =>
    [
        Read("Boot.FirstIdAsync", b => Boot.FirstIdAsync(b.Node, Ct), id => Guid.TryParse(id, out _)),
        Read("Boot.IdAsync", b => Boot.IdAsync(b.Node, Ct), id => Guid.TryParse(id, out _)),
        Read("Boot.StateAsync", b => Boot.StateAsync(b.Node, Ct), s => s is "running"),
        Read("Boot.UptimeAsync", b => Boot.UptimeAsync(b.Node, Ct), u => u > TimeSpan.FromDays(1)),
        Read("Clock.OffsetAsync(node,ct)", b => Clock.OffsetAsync(b.Node, Ct), o => o is { Source: "chrony" }),
        Read("Clock.OffsetAsync(commands,on,time,ct)", b => Clock.OffsetAsync(b.Node.Commands, b.Node.Node, b.Node.Time, Ct), o => o is { Source: "chrony" }),
        Act("ConfigOptions.KnownAsync", b => ConfigOptions.KnownAsync(b.Node, ["num_tokens"], "", Ct), _ => true),
        Read("ConfigOptions.DifferentAsync", b => ConfigOptions.DifferentAsync(b.Node, [ConfigSetting.Parse("num_tokens=3")], Ct), d => d.Length == 1),
        Read("ConfigOptions.SourcesAsync", b => ConfigOptions.SourcesAsync(b.Node, Ct), s => s.ContainsKey("num_tokens")),
        Read("NodeFiles.ReadAsync", b => NodeFiles.ReadAsync(b.Node, "/etc/scylla/scylla.yaml", Ct), text => text?.Length > 0),
        Read("NodeFiles.WriteAsync", b => NodeFiles.WriteAsync(b.Node, "/etc/scylla/new.conf", "a\n", null, null, Ct), wrote => wrote),
        Read("NodeFiles.NamesAsync", b => NodeFiles.NamesAsync(b.Node, "/etc/scylla", Ct), n => n is { } all && all.Contains("scylla.yaml", StringComparer.Ordinal)),
        Read("NodeMetrics.ReadAsync", b => NodeMetrics.ReadAsync(b.Node, Ct), m => Encoding.UTF8.GetString(m.Span).Contains("scylla_", StringComparison.Ordinal)),
        Read("NodeTraffic.LatencyAsync", b => Live(b).LatencyAsync(RequestKind.Write, 0.5, Ct), l => l > 0),
        Read("NodeTraffic.ErrorsAsync", b => Live(b).ErrorsAsync(Ct), e => e.Requests > 0),
        Read("NodeTraffic.UnavailablesAsync", b => Live(b).UnavailablesAsync(Ct), u => u == 0),
        Read("NodeTraffic.RequestsAsync", b => Live(b).RequestsAsync(Ct), r => r.Count == 4),
        Act("PackageHold.SetAsync", b => PackageHold.SetAsync(b.Node, ["chrony"], true, Ct), b => b.SimOf("b1").Machine.Packages.Held.Contains("chrony")),
        Read("Packages.OfAsync", b => Packages.OfAsync(b.Node, Ct), p => p is not null),
        Read("Packages.InstalledAsync", async b => await (await Packages.OfAsync(b.Node, Ct)).InstalledAsync(["chrony"], Ct), i => i.ContainsKey("chrony")),
        Read("Packages.HeldAsync", async b => await (await Packages.OfAsync(b.Node, Ct)).HeldAsync(["chrony"], Ct), h => h.IsEmpty),
        Act("Packages.RefreshAsync", async b => await (await Packages.OfAsync(b.Node, Ct)).RefreshAsync(Ct), _ => true),
        Act("Packages.InstallAsync", async b => await (await Packages.OfAsync(b.Node, Ct)).InstallAsync([("scylla-manager-agent", "3.5.1-0.20250801.77aa0b1c2d-1")], false, Ct),
            b => b.SimOf("b1").Machine.Packages.Installed("scylla-manager-agent")!.StartsWith("3.5.1", StringComparison.Ordinal)),
        Act("Packages.HoldAsync", async b => await (await Packages.OfAsync(b.Node, Ct)).HoldAsync(["chrony"], true, Ct), b => b.SimOf("b1").Machine.Packages.Held.Contains("chrony")),
    ];

    private static NodeTraffic Live(ContractBed bed) => new(bed.Node, MetricScope.Cluster, Minute);

    private static string TimerOf(ContractBed bed) => bed.Do(() => Systemd.StateAsync(bed.Node, RescueTimer.UnitOf(bed.Node.Stamp) + ".timer", Ct));

    private sealed record Quiet : IMayRestartScylla
    {
        public bool RestartsScylla => false;
    }
}
