using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Observe;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Observe;

public sealed partial class MetricsTests
{
    private static readonly JobId First = new("0000000001AAAAAA");

    [Fact]
    public async Task Names_types_and_help_are_as_dashboards_and_alerts_know_them()
    {
        await using var rig = await ObserveRig.StartAsync();
        using var answer = await rig.Http.GetAsync(new Uri(ObserveRoutes.Metrics, UriKind.Relative));
        Assert.Equal(Exposition.MediaType, answer.Content.Headers.ContentType?.ToString());
        var page = await answer.Content.ReadAsStringAsync();
        Snapshot.Match("metrics", string.Join('\n', page.Split('\n').Where(line => line.StartsWith('#'))));
    }

    [PromtoolFact]
    public async Task Prometheus_own_checker_has_nothing_to_say_about_the_page()
    {
        await using var rig = await ObserveRig.StartAsync();
        await FillAsync(rig);
        var (code, said) = await Promtool.RunAsync(await rig.Http.GetStringAsync(ObserveRoutes.Metrics), "check", "metrics");
        Assert.True(code == 0 && said.Length == 0, $"{code}: {said}");
    }

    [Fact]
    public void The_documentation_lists_every_metric_and_every_alert()
    {
        const string Begin = "SCYLLABOT_WRITE_DOCS=1 -->\n";
        const string End = "<!-- /metrics -->";
        var file = Path.Combine(SourceTree.Root, "docs", "observability.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var table = "| metric | type | labels | |\n|---|---|---|---|\n" + string.Concat(Families.All.Select(f =>
            $"| `{f.Name}` | {Exposition.Kind(f)} | {string.Join(", ", f.Labels.Select(l => $"`{l}`"))} | {f.Help} |\n"));
        var expected = text[..from] + table + text[to..];
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, expected);
        }

        Assert.Equal(expected, File.ReadAllText(file));
        var alerts = File.ReadLines(Path.Combine(SourceTree.Root, "deploy", "prometheus", "alerts.yaml")).Where(l => l.Contains("- alert: ", StringComparison.Ordinal)).Select(l => l.Split(": ")[1]);
        Assert.All(alerts, alert => Assert.Contains($"| `{alert}` |", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_names_no_job_no_node_no_cluster_and_no_person()
    {
        await using var rig = await ObserveRig.StartAsync();
        await FillAsync(rig);
        var page = await rig.Http.GetStringAsync(ObserveRoutes.Metrics);
        foreach (var name in new[] { First.Value, "alpha", "beta", "10.0.", "Ana", "Ben" })
        {
            Assert.DoesNotContain(name, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_family_that_has_a_number_in_a_bot_at_work_is_on_the_page()
    {
        await using var rig = await ObserveRig.StartAsync();
        await FillAsync(rig);
        var page = await rig.Http.GetStringAsync(ObserveRoutes.Metrics);
        var found = SeriesName().Matches(page).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        string[] absent = [Families.BackupAge.Name, Families.BackupBytes.Name, Families.HeartbeatAge.Name];
        foreach (var family in Families.All.Where(f => !absent.Contains(f.Name)))
        {
            Assert.Contains(family.Kind == FamilyKind.Histogram ? $"{family.Name}_bucket" : family.Name, found);
        }
    }

    [Fact]
    public async Task Open_jobs_are_counted_by_state_and_mode_with_what_they_hold_and_ask()
    {
        await using var rig = await ObserveRig.StartAsync();
        await rig.Store.AppendAsync(StreamId.Of(First), 0, 0, [.. Journals.Life.Take(11)], [(0, new OutboxItem("card", "ops", "{}"))], default);
        await rig.Store.AppendAsync(StreamId.Of(new JobId("0000000002AAAAAA")), 0, 0, [Journals.Birth("r2", "beta"), Journals.Life[1]], [], default);
        rig.Time.Advance(TimeSpan.FromSeconds(65));
        var page = await rig.Http.GetStringAsync(ObserveRoutes.Metrics);
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_jobs{state=\"halted\",mode=\"run\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_jobs{state=\"waiting\",mode=\"observe\"}"));
        Assert.Equal(0, ObserveRig.Value(page, "scyllabot_jobs{state=\"running\",mode=\"run\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_halts_unacknowledged"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_jobs_halted_with_nodes_held"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_approvals_waiting"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_held_nodes"));
        Assert.Equal(60, ObserveRig.Value(page, "scyllabot_held_longest_seconds"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_outbox_rows"));
        Assert.Equal(65, ObserveRig.Value(page, "scyllabot_outbox_oldest_seconds"));
    }

    [Fact]
    public void Steps_retries_halts_and_ends_are_counted_as_the_journal_is_written()
    {
        var meters = new BotMeters();
        Tell(new JobMeter(meters, (_, path) => path == "1.1" ? "scylla-drain" : null), Journals.Life);
        var page = Page(meters);
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_jobs_started_total"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_jobs_ended_total{outcome=\"succeeded\"}"));
        Assert.Equal(Journals.Life.OfType<Halted>().Count(), ObserveRig.Value(page, "scyllabot_halts_total"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_step_retries_total{task=\"scylla-drain\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_step_failures_total{task=\"scylla-drain\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_step_duration_seconds_count{task=\"scylla-drain\"}"));
        Assert.Equal(0, ObserveRig.Value(page, "scyllabot_step_duration_seconds_bucket{task=\"scylla-drain\",le=\"1\"}"));
    }

    [Fact]
    public void Acknowledgements_and_limits_are_counted_by_what_Discord_said()
    {
        var meters = new BotMeters();
        meters.Acknowledged(TimeSpan.FromMilliseconds(80), wasTaken: true);
        meters.Acknowledged(TimeSpan.FromSeconds(9), wasTaken: false);
        meters.Limited(wholeClient: true, shared: false);
        meters.Waited(TimeSpan.FromSeconds(1.5));
        var page = Page(meters);
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_interactions_total{result=\"refused\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_interaction_ack_seconds_bucket{le=\"0.1\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_interaction_ack_seconds_bucket{le=\"3\"}"));
        Assert.Equal(2, ObserveRig.Value(page, "scyllabot_interaction_ack_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal(1, ObserveRig.Value(page, "scyllabot_discord_rate_limited_total{scope=\"global\"}"));
        Assert.Equal(1.5, ObserveRig.Value(page, "scyllabot_discord_rate_limit_wait_seconds_total"));
    }

    [Fact]
    public async Task Appends_are_timed_and_counted_by_what_they_came_to()
    {
        var (meters, memory) = (new BotMeters(), new InMemoryJobStore());
        var store = new MeteredStore(memory, meters, TimeProvider.System);
        await store.AppendAsync(StreamId.Of(First), 0, 0, [Journals.Life[0]], [], default);
        await store.AppendAsync(StreamId.Of(First), 0, 0, [Journals.Life[1]], [], default);
        memory.FailNextAppend();
        await Assert.ThrowsAsync<IOException>(() => store.AppendAsync(StreamId.Of(First), 1, 0, [Journals.Life[1]], [], default));
        var page = Page(meters);
        Assert.Equal((1, 1, 1), (
            ObserveRig.Value(page, "scyllabot_store_appends_total{result=\"appended\"}"), ObserveRig.Value(page, "scyllabot_store_appends_total{result=\"conflict\"}"),
            ObserveRig.Value(page, "scyllabot_store_appends_total{result=\"failed\"}")));
        Assert.Equal(3, ObserveRig.Value(page, "scyllabot_store_commit_seconds_count"));
    }

    [Fact]
    public void Text_is_escaped_and_a_flood_of_labels_becomes_one()
    {
        var (meters, page) = (new BotMeters(), new Exposition());
        page.Add(Families.BuildInfo, new Sample(1, "a\\b\"c\nd", "true"));
        Assert.Contains("""scyllabot_build_info{version="a\\b\"c\nd",sandbox="true"} 1""", page.ToString(), StringComparison.Ordinal);
        for (var i = 0; i < 2 * Tally.MostSeries; i++)
        {
            meters.StepFailed($"task-{i}", isRetried: true);
            meters.StepPassed($"task-{i}", TimeSpan.Zero);
        }

        var text = Page(meters);
        Assert.Equal(Tally.MostSeries + 1, text.Split('\n').Count(line => line.StartsWith("scyllabot_step_retries_total{", StringComparison.Ordinal)));
        Assert.Equal(Tally.MostSeries, ObserveRig.Value(text, "scyllabot_step_retries_total{task=\"other\"}"));
        Assert.Equal(Tally.MostSeries, ObserveRig.Value(text, "scyllabot_step_duration_seconds_count{task=\"other\"}"));
        Assert.Throws<ArgumentException>(() => page.Add(Families.BuildInfo, new Sample(1)));
    }

    internal static void Tell(IJobReader reader, ImmutableArray<JobEvent> journal)
    {
        Job? job = null;
        foreach (var e in journal)
        {
            job = job is null ? Job.Begin(First, e) : job.Apply(e);
            reader.Committed(job, [e]);
        }
    }

    private static string Page(BotMeters meters)
    {
        var page = new Exposition();
        meters.Write(page);
        return page.ToString();
    }

    private static async Task FillAsync(ObserveRig rig)
    {
        await rig.Store.AppendAsync(StreamId.Of(First), 0, 0, [.. Journals.Life.Take(11)], [(0, new OutboxItem("card", "ops", "{}"))], default);
        Tell(new JobMeter(rig.Meters, (_, _) => "scylla-drain"), Journals.Life);
        rig.Meters.Appended(TimeSpan.FromMilliseconds(2), new AppendOutcome.Appended(1));
        rig.Meters.Acknowledged(TimeSpan.FromMilliseconds(80), wasTaken: true);
    }

    [GeneratedRegex("^(?<name>[a-z_]+)[{ ]", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SeriesName();
}
