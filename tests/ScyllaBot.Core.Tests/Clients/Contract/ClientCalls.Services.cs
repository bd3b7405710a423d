using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Clients.Contract.ClientCall;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>What stands beside the nodes.</summary>
internal static partial class ClientCalls
{
    /// <summary>Those that are held to their failures' classes.</summary>
    public static IEnumerable<ClientCall> Services =>
    [
        .. Manager,
        .. Watching,
        .. Salts,
        .. Shadow,
    ];

    private static IEnumerable<ClientCall> Manager =>
    [
        Read("ScyllaManager.VersionAsync", b => b.Manager.VersionAsync(Ct), v => v.StartsWith("3.", StringComparison.Ordinal)),
        Read("ScyllaManager.ClustersAsync", b => b.Manager.ClustersAsync(Ct), c => c.Single().Name == "mini"),
        Read("ScyllaManager.ClusterIdAsync", b => b.Manager.ClusterIdAsync(Ct), id => id != Guid.Empty),
        Read("ScyllaManager.TasksAsync", async b => await b.Manager.TasksAsync("repair", Ct), t => t.Any(task => task.Name == "all-weekly")),
        Read("ScyllaManager.TaskAsync", async b => await b.Manager.TaskAsync("repair", await WeeklyAsync(b), Ct), t => t.Name == "all-weekly"),
        Act("ScyllaManager.StartAsync", async b => await b.Manager.StartAsync("repair", await WeeklyAsync(b), true, Ct), b => b.SimManager.Tasks.All.Any(t => t.IsActive)),
        Act("ScyllaManager.StopAsync", async b => await b.Manager.StopAsync("repair", await WeeklyAsync(b), Ct), _ => true),
        Act("ScyllaManager.DeleteTaskAsync", async b =>
        {
            var mark = await b.Manager.CreateMarkAsync("gone", Labels, Ct);
            await b.Manager.DeleteTaskAsync("repair", mark, Ct);
        }, b => b.SimManager.Tasks.All.All(t => t.Name != "gone")),
        Read("ScyllaManager.HistoryAsync", async b =>
        {
            await b.Manager.StartAsync("repair", await WeeklyAsync(b), true, Ct);
            return await b.Manager.HistoryAsync("repair", await WeeklyAsync(b), 5, Ct);
        }, h => h.Length == 1),
        Read("ScyllaManager.ProgressAsync", async b =>
        {
            await b.Manager.StartAsync("repair", await WeeklyAsync(b), true, Ct);
            return await b.Manager.ProgressAsync("repair", await WeeklyAsync(b), Ct);
        }, p => p.Run.IsActive),
        Read("ScyllaManager.IsSuspendedAsync", b => b.Manager.IsSuspendedAsync(Ct), s => !s),
        Read("ScyllaManager.SuspensionAsync", b => b.Manager.SuspensionAsync(Ct), s => s == (false, "")),
        Read("ScyllaManager.SuspendAsync", b => b.Manager.SuspendAsync(Ct), why => why is null),
        Act("ScyllaManager.ResumeAsync", b => b.Manager.ResumeAsync(missed: false, Ct), b => !b.SimManager.Tasks.Suspended),
        Read("ScyllaManager.CreateRepairAsync", b => b.Manager.CreateRepairAsync(new RepairOrder("once", [ContractBed.Vnodes], 0, 1), Ct), id => id != Guid.Empty),
        Read("ScyllaManager.CreateMarkAsync", b => b.Manager.CreateMarkAsync("mark", Labels, Ct), id => id != Guid.Empty),
    ];

    private static IEnumerable<ClientCall> Watching =>
    [
        Read("Prometheus.QueryAsync", b => b.Prometheus.QueryAsync("count(up)", Ct), a => a.Value == 4) with { Prepare = b => b.Scrape() },
        Read("Prometheus.QueryRangeAsync", b => b.Prometheus.QueryRangeAsync("up", b.Time.GetUtcNow() - TimeSpan.FromMinutes(2), b.Time.GetUtcNow(), TimeSpan.FromSeconds(30), Ct),
            a => a is PromAnswer.Matrix { Series.Length: 4 }) with { Prepare = b => b.Scrape() },
        Read("Prometheus.StaleAsync", b => b.Prometheus.StaleAsync("scylla", b.Cluster.Nodes, Ct), stale => stale.IsEmpty) with { Prepare = b => b.Scrape() },
        Read("Prometheus.WhyNotFreshAsync(job,nodes,ct)", b => b.Prometheus.WhyNotFreshAsync("scylla", b.Cluster.Nodes, Ct), why => why is null) with { Prepare = b => b.Scrape() },
        Read("Prometheus.WhyNotFreshAsync(job,expected,ct)", b => b.Prometheus.WhyNotFreshAsync("scylla", 4, Ct), why => why is null) with { Prepare = b => b.Scrape() },
        Read("Alertmanager.FiringAsync", b => b.Alertmanager.FiringAsync(LabelMatcher.ParseAll("severity!=\"none\""), Ct), a => a.Single().Name == "InstanceDown") with { Prepare = b => b.Stop("c1") },
        Read("Alertmanager.SilencesAsync", async b =>
        {
            await b.Alertmanager.PutSilenceAsync(SilenceOf(b), Ct);
            return await b.Alertmanager.SilencesAsync(Ct);
        }, s => !s.IsEmpty),
        Read("Alertmanager.PutSilenceAsync", b => b.Alertmanager.PutSilenceAsync(SilenceOf(b), Ct), id => id.Length > 0),
        Act("Alertmanager.ExpireAsync", async b =>
        {
            var id = await b.Alertmanager.PutSilenceAsync(SilenceOf(b), Ct);
            await b.Alertmanager.ExpireAsync(id, Ct);
            await b.Alertmanager.ExpireAsync(id, Ct);
            await b.Alertmanager.ExpireAsync(Guid.Empty.ToString(), Ct);
        }, b => b.InWorld(() => b.Sim.Services.OfType<SimAlertmanager>().Single().Silences.All(s => s.StateAt(b.Time.GetUtcNow()) == "expired"))),
        Act("AlertSilences.EnsureAsync", b => AlertSilences.EnsureAsync(b.Node, Hour, [], Ct), HasSilence),
        Act("AlertSilences.ExpireAsync", async b =>
        {
            await AlertSilences.EnsureAsync(b.Node, Hour, [], Ct);
            await AlertSilences.ExpireAsync(b.Node, Ct);
        }, b => !HasSilence(b)),
        Act("AlertSilences.RenewAsync", async b =>
        {
            await AlertSilences.EnsureAsync(b.Node, Hour, [], Ct);
            await AlertSilences.RenewAsync(b.Node, Ct);
        }, HasSilence),
        Act("AlertSilences.RenewUntilAsync", async b =>
        {
            using var over = new CancellationTokenSource();
            await AlertSilences.EnsureAsync(b.Node, Hour, [], Ct);
            var renewing = AlertSilences.RenewUntilAsync(b.Node, () => true, over.Token);
            over.Cancel();
            await renewing;
        }, HasSilence),
        Read("PrometheusTraffic.LatencyAsync", b => Scraped(b).LatencyAsync(RequestKind.Read, 0.99, Ct), l => l > 0) with { Prepare = b => b.Scrape() },
        Read("PrometheusTraffic.ErrorsAsync", b => Scraped(b).ErrorsAsync(Ct), e => e.Requests > 0) with { Prepare = b => b.Scrape() },
        Read("PrometheusTraffic.UnavailablesAsync", b => Scraped(b).UnavailablesAsync(Ct), u => u == 0) with { Prepare = b => b.Scrape() },
        Read("PrometheusTraffic.RequestsAsync", b => Scraped(b).RequestsAsync(Ct), r => r.Count == 4) with { Prepare = b => b.Scrape() },
    ];

    private static IEnumerable<ClientCall> Salts =>
    [
        Read("Salt.LoginAsync", b => b.LoginAsync(), s => s is not null),
        Read("Salt.PingAsync", async b => await (await b.LoginAsync()).PingAsync("b1", Ct), up => up == true),
        Read("Salt.TestAsync", async b => await (await b.LoginAsync()).TestAsync("b1", "state.highstate", null, Ct), s => s.Failure is null && !s.Changed.IsEmpty),
        Read("Salt.StartAsync", async b => await (await b.LoginAsync()).StartAsync("20260101000000000001", "b1", "state.apply", "scylla.sysctl", Ct), jid => jid == "20260101000000000001"),
        Read("Salt.JobAsync", async b =>
        {
            var salt = await b.LoginAsync();
            return await salt.JobAsync(await salt.StartAsync("20260101000000000002", "b1", "state.apply", "scylla.sysctl", Ct), Ct);
        }, j => j is { Function: "state.apply" }),
        Read("Salt.MinionsAsync", async b => await (await b.LoginAsync()).MinionsAsync(Ct), m => m is { Up.Length: 4, Down.Length: 0 }),
        Act("SaltRun.ApplyAsync", b => new SaltRun("state.apply", "scylla.sysctl", SaltVia.Api).ApplyAsync(b.Node, Ct), _ => true),
        Read("SaltRun.TestAsync", b => new SaltRun("state.highstate", null, SaltVia.Api).TestAsync(b.Node, Ct), s => s.Failure is null),
        Act("OutsideCall.SendAsync", b => Outside.SendAsync(b.Node, Ct), b => b.Http.Calls.Count == 1),
        Read("OutsideHttp.SendAsync", b => Http(b).SendAsync("GET", "api/v1/version", null, isRepeatable: true, Ct), a => a.Status == 200),
        Read("OutsideHttp.AskAsync", b => Http(b).AskAsync<ImmutableSortedDictionary<string, string>>("GET", "api/v1/version", null, isRepeatable: true, Ct), v => v.ContainsKey("version")),
        Read("OutsideHttp.GetAsync", b => Http(b).GetAsync<ImmutableSortedDictionary<string, string>>("api/v1/version", Ct), v => v.ContainsKey("version")),
    ];

    private static ImmutableSortedDictionary<string, string> Labels => ImmutableSortedDictionary<string, string>.Empty.Add("scyllabot", "01JOB");

    private static OutsideCall Outside => new("GET", new Uri("http://services.mini/manager/api/v1/version"), [], "", IsRepeatable: true)
    {
        Timeout = TimeSpan.FromSeconds(10), Expected = [200],
    };

    private static OutsideHttp Http(ContractBed bed) => new("Manager", new Uri("http://services.mini/manager/"), bed.Http);

    private static PrometheusTraffic Scraped(ContractBed bed) => new(bed.Node, MetricScope.Cluster);

    private static bool HasSilence(ContractBed bed) =>
        bed.InWorld(() => bed.Sim.Services.OfType<SimAlertmanager>().Single().Silences.Any(s => s.StateAt(bed.Time.GetUtcNow()) == "active"));

    private static Silence SilenceOf(ContractBed bed) => new(
        null, LabelMatcher.ParseAll("instance=~\"10.0.0.1\""), bed.Time.GetUtcNow(), bed.Time.GetUtcNow() + Hour, "mara", "cabling", "active");

    private static async Task<Guid> WeeklyAsync(ContractBed bed) =>
        (await bed.Manager.TasksAsync("repair", Ct)).FirstOrDefault(t => t.Name == "all-weekly")?.Id ?? throw new UnrecoverableException("it has no weekly repair");
}
