using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Data;

public sealed class DataConditionTests
{
    [Fact]
    public void Nobody_holds_hints_for_a_node_that_was_never_away()
    {
        using var bed = DataBed.Of("probe");
        Assert.Null(DataBed.WhyNot(bed, new HintsDrained(), "d1"));
    }

    [Fact]
    public void Hints_for_a_node_that_came_back_are_named_with_their_holders_until_they_are_replayed()
    {
        using var bed = DataBed.Of("probe");
        var said = DataBed.Ask(
            async (b, context, ct) =>
            {
                var subject = new NodeContext(context, context.Cluster.Find("d1")!);
                b.Stop("d1");
                await Task.Delay(TimeSpan.FromMinutes(5), context.Time, ct);
                b.Boot("d1");
                await Task.Delay(TimeSpan.FromSeconds(45), context.Time, ct);
                var during = await new HintsDrained().WhyNotAsync(subject, ct);
                await Task.Delay(TimeSpan.FromMinutes(2), context.Time, ct);
                return (during, after: await new HintsDrained().WhyNotAsync(subject, ct));
            },
            bed);
        Assert.Equal(("3 of 3 nodes still hold hints for d1: b1, b2, c1", null), said);
    }

    [Fact]
    public void A_repair_is_running_whoever_asked_for_it()
    {
        using var bed = DataBed.Tablets("probe");
        var (manager, native, tablets, none) = DataBed.Ask(
            async (b, context, ct) =>
            {
                var cluster = b.World.Clusters[0];
                b.World.Agenda.Run(() => b.Manager().Tasks.Start(b.Weekly()));
                var byManager = await new RepairFinished().WhyNotAsync(context, ct);
                await Task.Delay(TimeSpan.FromMinutes(30), context.Time, ct);
                b.World.Agenda.Run(() => cluster.Nodes[1].Repairs.Start(cluster.Keyspace("system_distributed")!, Cause.Nobody));
                var byHand = await new RepairFinished().WhyNotAsync(context, ct);
                await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
                b.World.Agenda.Run(() => TabletRepairs.Start(cluster.Nodes[0], "search", "guild_shards", Cause.Nobody, "auto_repair"));
                var byItself = await new RepairFinished().WhyNotAsync(context, ct);
                await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
                return (byManager, byHand, byItself, await new RepairFinished().WhyNotAsync(context, ct));
            },
            bed);
        Assert.StartsWith("Scylla Manager's repair/all-weekly is RUNNING", manager, StringComparison.Ordinal);
        Assert.Equal("scylla-search-stg-us-east1-a-2 runs 1 vnode repair", native);
        Assert.Equal("auto_repair of search.guild_shards is running", tablets);
        Assert.Null(none);
    }

    [Fact]
    public void A_Manager_at_work_is_not_idle()
    {
        using var bed = DataBed.Of("probe");
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Start(bed.Weekly()));
        Assert.Equal("Scylla Manager: repair/all-weekly is RUNNING", DataBed.WhyNot(bed, new ManagerIdle()));
    }

    [Fact]
    public async Task Compactions_are_held_against_what_they_were_before()
    {
        var bench = new NodeBench { Metrics = Compacting(20, 10) };
        Assert.Equal("30 compactions running or queued on messages-b-1, more than 10", await WhyNotAsync(bench, null));
        Assert.Null(await WhyNotAsync(bench, 20));
        Assert.Equal("30 compactions running or queued on messages-b-1, more than 28.5 (19 before)", await WhyNotAsync(bench, 19));
        Assert.Equal("30 compactions running or queued on messages-b-1, more than 10 (2 before)", await WhyNotAsync(bench, 2));
        Assert.Equal(30, await new CompactionsNominal().MeasureAsync(bench.Context(), default));
    }

    [Fact]
    public async Task A_reading_shows_number_bound_and_what_was_before()
    {
        var seen = new List<Reading>();
        var bench = new NodeBench { Metrics = Compacting(3, 4) };
        await new CompactionsNominal().WhyNotAsync(bench.Context() with { Baseline = _ => 8, Observe = seen.Add }, default);
        var reading = Assert.Single(seen);
        Assert.Equal((7, 12, 8, "metrics of messages-b-1"), (reading.Value, reading.Bound, reading.Baseline, reading.Source));
    }

    private static Task<string?> WhyNotAsync(NodeBench bench, double? before) =>
        new CompactionsNominal().WhyNotAsync(bench.Context() with { Baseline = key => key == "compactions" ? before : null }, default);

    private static string Compacting(int running, int queued) =>
        $"scylla_compaction_manager_compactions{{shard=\"0\"}} {running}\nscylla_compaction_manager_pending_compactions{{shard=\"0\"}} {queued}\n";
}
