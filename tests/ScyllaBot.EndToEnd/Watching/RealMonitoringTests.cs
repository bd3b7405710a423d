using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Transports;

namespace ScyllaBot.EndToEnd.Watching;

/// <summary>Our clients against the real Prometheus and Alertmanager, which watch two simulated nodes over HTTP.</summary>
public sealed class RealMonitoringTests : ILogSink, IAnnounce, IFanOut, ICommandChannel
{
    private const string Matcher = "cluster=\"messages-stg\"";

    /// <summary>Facts 2.4, as conditions ask them; <c>{matcher}</c> comes after a comma, which a real parser must allow when it is empty.</summary>
    private static readonly string[] Queries =
    [
        "count(up{job=\"scylla\",{matcher}} == 1)",
        "max(scylla_node_operation_mode{{matcher}}) == 3",
        "time() - timestamp(up{job=\"scylla\",{matcher}})",
        "sum by (instance) (scylla_compaction_manager_compactions{{matcher}} + scylla_compaction_manager_pending_compactions{{matcher}}) >= 0",
        "avg_over_time(sum(scylla_compaction_manager_pending_compactions{{matcher}})[5m:1s])",
        "histogram_quantile(0.99, sum by (le) (rate(scylla_storage_proxy_coordinator_read_latency_bucket{scheduling_group_name=~\"statement|sl:.*\",{matcher}}[2m])))",
        "(sum(rate(scylla_transport_cql_errors_total{type=~\"unavailable|read_timeout\",{matcher}}[2m])) or vector(0)) <= bool 0.001 * sum(rate(scylla_transport_requests_served{{matcher}}[2m]))",
        "(count((scylla_streaming_finished_percentage{{matcher}} < 1) and changes(scylla_streaming_finished_percentage{{matcher}}[15m]) > 0) or vector(0)) == 0",
        "(sum(increase(scylla_storage_proxy_coordinator_read_unavailable{{matcher}}[2m])) or vector(0)) == 0",
    ];

    private readonly HttpExchange _http = new(HttpExchange.NewClient());
    private readonly List<string> _log = [];

    [MonitoringFact]
    public async Task What_our_clients_ask_is_what_the_real_ones_understand()
    {
        using var scratch = new Scratch();
        await using var sandbox = await SandboxUnderTest.StartAsync(scratch.Folder, speed: 20, seed: 1);
        var nodes = await NodesAsync(sandbox);
        await using var real = await RealMonitoring.StartAsync(scratch.Folder, nodes.Select(n => (n.Address, n.Metrics.Authority)));
        var cluster = new Cluster("messages-stg", ClusterEnvironment.Sandbox, ClusterMode.Run, nodes)
        {
            Prometheus = Endpoint(real.PrometheusUrl, Matcher), Alertmanager = Endpoint(real.AlertmanagerUrl, Matcher),
        };

        await QueriesAsync(cluster, sandbox);
        await SilencesAsync(cluster);
        await DeadTargetAsync(cluster, sandbox);
    }

    private async Task QueriesAsync(Cluster cluster, SandboxUnderTest sandbox)
    {
        var client = new Prometheus(cluster.Prometheus!, _http);
        await FreshAsync(client, cluster, isFresh: true);
        await Eventually.TrueAsync(
            async () => (await client.QueryAsync(client.Fill("count(rate(scylla_transport_requests_served{{matcher}}[2m]))"), default)).Value == 4,
            "a rate of both nodes", Patience.Answer);
        Assert.Equal(cluster.Nodes.Length, (await client.QueryAsync(client.Fill(Queries[0]), default)).Value);
        Assert.Equal(1, (await client.QueryAsync(client.Fill("count(up{{matcher}})", cluster.Nodes[0]), default)).Value);

        // The simulated one answers the same questions in the same shape; it has nine nodes, so rows are not compared where there is one each.
        var simulated = new Prometheus(Endpoint(new Uri(sandbox.Address.Page, "/sandbox/services/messages-stg/prometheus/"), Matcher), _http);
        await Eventually.TrueAsync(
            async () => (await simulated.QueryAsync("count(rate(scylla_transport_requests_served[2m]))", default)).Value == 18, "two scrapes", Patience.Answer);
        foreach (var query in Queries)
        {
            var (theirs, ours) = (await client.QueryAsync(client.Fill(query), default), await simulated.QueryAsync(simulated.Fill(query), default));
            Assert.Equal((query, Shape(theirs)), (query, Shape(ours)));
            var everywhere = new Prometheus(cluster.Prometheus! with { Matcher = "" }, _http);
            Assert.Equal((query, Shape(theirs)), (query, Shape(await everywhere.QueryAsync(everywhere.Fill(query), default))));
        }

        var now = TimeProvider.System.GetUtcNow();
        var range = await client.QueryRangeAsync(client.Fill("up{{matcher}}"), now - TimeSpan.FromSeconds(5), now, TimeSpan.FromSeconds(1), default);
        Assert.Equal(2, Assert.IsType<PromAnswer.Matrix>(range).Series.Length);
        Assert.IsType<PromAnswer.Scalar>(await client.QueryAsync("1 + 1", default));
        Assert.True(double.IsNaN((await client.QueryAsync("vector(0) / 0", default)).Value!.Value));
        Assert.Contains("parse error", (await Assert.ThrowsAsync<UnrecoverableException>(() => client.QueryAsync("sum(up", default))).Message, StringComparison.Ordinal);
    }

    private async Task SilencesAsync(Cluster cluster)
    {
        var client = new Alertmanager(cluster.Alertmanager!, _http);
        var context = Context(cluster);
        await new SilenceAlerts().ExecuteAsync(context, default);
        await new SilenceAlerts().ExecuteAsync(context, default);
        var silence = Assert.Single(await client.SilencesAsync(default));
        Assert.Equal(("active", "scyllabot"), (silence.State, silence.CreatedBy));
        Assert.Contains(silence.Matchers, m => m is { Name: "alertname", IsRegex: true, IsEqual: false });

        // A change keeps one silence alive, whichever id it has then.
        await client.PutSilenceAsync(silence with { EndsAt = silence.EndsAt + TimeSpan.FromMinutes(5) }, default);
        var longer = Assert.Single(await client.SilencesAsync(default), s => !s.IsOver);
        Assert.InRange((longer.EndsAt - silence.EndsAt).TotalSeconds, 299, 301);

        await new UnsilenceAlerts().ExecuteAsync(context, default);
        await new UnsilenceAlerts().ExecuteAsync(context, default);
        Assert.All(await client.SilencesAsync(default), s => Assert.True(s.IsOver));
        await client.ExpireAsync(longer.Id!, default);
        await client.ExpireAsync("00000000-0000-0000-0000-000000000000", default);
    }

    private async Task DeadTargetAsync(Cluster cluster, SandboxUnderTest sandbox)
    {
        var client = new Prometheus(cluster.Prometheus!, _http);
        Assert.Null(await new NoFiringAlerts().WhyNotAsync(Context(cluster), default));
        await sandbox.PostAsync($"/sandbox/nodes/{cluster.Nodes[0].Name}/exec", new { argv = new[] { "systemctl", "stop", "scylla-server" } });
        await FreshAsync(client, cluster, isFresh: false);
        var query = new PrometheusQuery { Query = "sum(rate(scylla_transport_cql_errors_total{type=\"unavailable\",{matcher}}[1m])) or vector(0)" };
        Assert.Equal(
            $"Prometheus can not scrape {cluster.Nodes[0].Name} now: its last numbers are old", await query.WhyNotAsync(Context(cluster), default));
        Assert.Null(await query.WhyNotAsync(Context(cluster) with { Held = () => [cluster.Nodes[0].Name], Node = cluster.Nodes[1] }, default));

        // The alert that its death raises is what a silence of ours hides, and only that.
        var expected = $"1 alert fires: InstanceDown ({cluster.Nodes[0].Address})";
        await Eventually.TrueAsync(async () => await new NoFiringAlerts().WhyNotAsync(Context(cluster), default) == expected, "the alert", Patience.Answer);
        Assert.Null(await new NoFiringAlerts { Filter = ["severity=\"critical\""] }.WhyNotAsync(Context(cluster), default));
        await new SilenceAlerts().ExecuteAsync(Context(cluster), default);
        await Eventually.TrueAsync(async () => await new NoFiringAlerts().WhyNotAsync(Context(cluster), default) is null, "silence", Patience.Answer);
        await new UnsilenceAlerts().ExecuteAsync(Context(cluster), default);
        await Eventually.TrueAsync(async () => await new NoFiringAlerts().WhyNotAsync(Context(cluster), default) == expected, "noise", Patience.Answer);
    }

    private static Task FreshAsync(Prometheus client, Cluster cluster, bool isFresh) => Eventually.TrueAsync(
        async () => await client.WhyNotFreshAsync("scylla", cluster.Nodes, default) is null == isFresh, $"fresh: {isFresh}", Patience.Answer);

    private static string Shape(PromAnswer answer) => answer switch
    {
        PromAnswer.Vector vector => "vector of " + string.Join(
            ' ', vector.Samples.Select(s => $"[{string.Join(',', s.Labels.Keys)}]{(double.IsNaN(s.Value) ? "NaN" : "")}").Distinct(StringComparer.Ordinal)),
        PromAnswer.Scalar => "scalar",
        _ => "matrix",
    };

    private static ServiceEndpoint Endpoint(Uri url, string matcher) => new(url, ImmutableSortedDictionary<string, string>.Empty, [], matcher);

    private static async Task<ImmutableArray<Node>> NodesAsync(SandboxUnderTest sandbox)
    {
        var inventory = InventoryYaml.Read("inventory.yaml", await sandbox.Http.GetStringAsync(sandbox.Address.Inventory));
        return [.. Assert.IsType<InventoryReading.Read>(inventory).Inventory.Find("messages-stg")!.Nodes.Take(2)];
    }

    private NodeContext Context(Cluster cluster)
    {
        var (time, log) = (TimeProvider.System, new Core.Tasks.StepLog(this, TimeProvider.System, "01JOB", "1", null));
        return new NodeContext(
            new ClusterContext
            {
                Cluster = cluster, Stamp = new StepStamp("01JOB", "1", 1, 1), Held = () => [], Watch = new ClusterWatch(cluster, _http, time), Http = _http,
                Commands = this, Announce = this, FanOut = this, Judgement = Judgement.Sound, Log = log, Time = time,
                Wait = new ConditionWait(time, time.GetUtcNow(), new StepKey("1", null), log, (_, _) => { }),
            },
            cluster.Nodes[0]);
    }

    void ILogSink.Write(LogLine line) => _log.Add(line.Text);

    Task IAnnounce.SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct) => throw new NotSupportedException();

    Task IFanOut.RunAsync(NodeWorkflow workflow, CancellationToken ct) => throw new NotSupportedException();

    Task<CommandResult> ICommandChannel.RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) => throw new NotSupportedException();

    Task ICommandChannel.ReleaseAsync(Node node, string receipt, CancellationToken ct) => throw new NotSupportedException();
}
