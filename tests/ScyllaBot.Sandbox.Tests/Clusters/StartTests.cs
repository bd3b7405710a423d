using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class StartTests
{
    private const string NotFound = """{"message":"Not found","code":404}""";

    [Fact]
    public void A_start_passes_refusal_404_starting_joining_normal_and_then_cql()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl stop scylla-server");
        bed.Exec(node, "systemctl start scylla-server");

        var seen = new List<string>();
        bed.Until(() =>
        {
            var mode = bed.Get(node, "/storage_service/operation_mode");
            var cql = bed.Get(node, "/storage_service/native_transport");
            var now = mode.Status switch
            {
                0 => "refused",
                404 => $"404 {mode.Body == NotFound}",
                _ => $"{mode.Body} cql {(cql.Status == 404 ? "404" : cql.Body)}",
            };
            if (seen.LastOrDefault() != now)
            {
                seen.Add(now);
            }

            return cql.Status == 200;
        });

        Assert.Equal(
            ["refused", "404 True", "\"STARTING\" cql 404", "\"JOINING\" cql 404", "\"NORMAL\" cql 404", "\"NORMAL\" cql true"], seen);
    }

    [Fact]
    public void Routes_appear_in_the_order_of_their_services()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl stop scylla-server");
        bed.Exec(node, "systemctl start scylla-server");
        string[] paths =
        [
            "/system/uptime_ms", "/storage_service/hostid/local", "/compaction_manager/metrics/pending_tasks",
            "/storage_service/describe_ring/discord", "/storage_service/generation_number", "/storage_service/load_map",
        ];

        var since = paths.Select(path => bed.Until(() => bed.Get(node, path).Status == 200)).ToArray();

        // Each waits on after the one before it, so none may be there at once: that would be two services in one phase.
        Assert.All(since, seconds => Assert.True(seconds > 0));
    }

    [Fact]
    public void Systemd_says_active_before_the_node_is_normal()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl stop scylla-server");
        var result = bed.Run(node, "systemctl start scylla-server");

        Assert.Equal(0, result.Exit);
        Assert.Equal(new CommandResult(0, "active"), bed.Run(node, "systemctl is-active scylla-server"));
        Assert.NotEqual("NORMAL", bed.Mode(node));
        Assert.NotEqual("\"NORMAL\"", bed.Get(node, "/storage_service/operation_mode").Body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void A_clean_start_takes_ten_to_twenty_seconds_to_normal(long seed)
    {
        using var bed = new TestBed(seed);
        foreach (var node in bed.Messages.Nodes)
        {
            bed.Run(node, "systemctl stop scylla-server");
            bed.Exec(node, "systemctl start scylla-server");
            Assert.InRange(bed.Until(() => bed.Mode(node) == "NORMAL"), 9.9, 20.1);
            Assert.InRange(bed.Until(() => bed.Get(node, "/storage_service/native_transport").Body == "true"), 0.4, 2.1);
        }
    }

    [Fact]
    public void A_start_after_a_kill_replays_the_commit_log_first()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.NodeDies, node);
        bed.Exec(node, "systemctl start scylla-server");

        Assert.InRange(bed.Until(() => bed.Mode(node) == "NORMAL"), 30, 80);
    }

    [Fact]
    public void The_generation_grows_and_the_uptime_restarts()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        var before = bed.Read<long>(node, "/storage_service/generation_number");
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");

        Assert.True(bed.Read<long>(node, "/storage_service/generation_number") > before);
        Assert.InRange(bed.Read<long>(node, "/system/uptime_ms"), 9_000, 21_000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        Assert.Equal(Story(5), Story(5));
        Assert.NotEqual(Story(5), Story(6));
    }

    private static List<string> Story(long seed)
    {
        using var bed = new TestBed(seed);
        var node = bed.Messages.Nodes[4];
        bed.Exec(node, "systemctl restart scylla-server");
        var story = new List<string>();
        for (var i = 0; i < 400; i++)
        {
            bed.Time.Advance(0.1);
            story.Add(string.Join(' ', bed.Messages.Nodes.Select(peer => bed.Get(peer, "/gossiper/endpoint/down").Body)));
        }

        return story;
    }
}
