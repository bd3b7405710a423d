using System.Globalization;
using System.Text.RegularExpressions;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Tests.Http;

public sealed partial class MetricsTextTests
{
    [Fact]
    public void The_shards_add_up_to_what_rest_says()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");
        bed.Time.Advance(7);

        var pending = bed.Read<int>(node, "/compaction_manager/metrics/pending_tasks");
        var running = bed.Read<object[]>(node, "/compaction_manager/compactions").Length;
        Assert.Equal(pending, Sum(bed, node, "scylla_compaction_manager_pending_compactions"));
        Assert.Equal(running, Sum(bed, node, "scylla_compaction_manager_compactions"));
        Assert.True(pending > 5 && running > 2, "the burst of the restart must show, or zeroes would do");
    }

    [Fact]
    public void The_mode_follows_the_start_and_series_are_absent_until_their_service_runs()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.Equal(3, Sum(bed, node, "scylla_node_operation_mode"));
        _ = bed.CallAsync(node, "POST", "/storage_service/drain");
        Assert.Equal(6, Sum(bed, node, "scylla_node_operation_mode"));
        bed.Until(() => Sum(bed, node, "scylla_node_operation_mode") == 7);
        bed.Run(node, "systemctl stop scylla-server");
        Assert.Null(Text(bed, node));

        bed.Exec(node, "systemctl start scylla-server");
        bed.Until(() => Text(bed, node) is not null);
        Assert.Equal(0, bed.Get(node, "/system/uptime_ms").Status);
        Assert.DoesNotContain("scylla_compaction_manager", Text(bed, node), StringComparison.Ordinal);
        bed.Until(() => Text(bed, node)!.Contains("scylla_compaction_manager_compactions", StringComparison.Ordinal));
        Assert.Equal(1, Sum(bed, node, "scylla_node_operation_mode"));
    }

    [Fact]
    public void Gossip_live_leaves_out_the_node_itself()
    {
        using var bed = new TestBed();
        bed.Run(bed.Node("d", 1), "systemctl stop scylla-server");

        Assert.Equal(7, Sum(bed, bed.Node("b", 1), "scylla_gossip_live"));
        Assert.Equal(1, Sum(bed, bed.Node("b", 1), "scylla_gossip_unreachable"));
    }

    [Fact]
    public void Every_line_is_a_type_or_a_sample_and_no_type_comes_twice()
    {
        using var bed = new TestBed();
        var lines = Text(bed, bed.Node("b", 1))!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var types = lines.Where(line => line.StartsWith('#')).ToArray();

        Assert.Equal(types.Distinct().Count(), types.Length);
        Assert.All(lines.Except(types), line => Assert.Matches(Sample(), line));
    }

    private static string? Text(TestBed bed, SimNode node) => bed.World.Agenda.Run(() => MetricsText.Of(node));

    private static double Sum(TestBed bed, SimNode node, string name) => Text(bed, node)!.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));

    [GeneratedRegex("^scylla_\\w+\\{(\\w+=\"[^\"]*\",)*shard=\"\\d\"\\} -?[0-9.eE+]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
