using ScyllaBot.Core.Jobs;
using ScyllaBot.Observe;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Observe;

/// <summary>By OTLP to a collector on loopback.</summary>
public sealed class TraceTests
{
    private static readonly JobId First = new("0000000001AAAAAA");

    [Fact]
    public async Task A_job_is_one_trace_with_a_span_for_each_attempt_of_a_step()
    {
        await using var collector = await Collector.StartAsync();
        await SendAsync(collector, traces => MetricsTests.Tell(traces, Journals.Life));
        var spans = collector.Spans;

        Assert.Equal(JobTraces.TraceOf(First).ToHexString(), Assert.Single(spans.Select(s => s.Trace).Distinct(StringComparer.Ordinal)));
        var root = Assert.Single(spans, s => s.Parent.Length == 0);
        Assert.Equal("job " + ((Created)Journals.Life[0]).WorkflowName, root.Name);
        Assert.Equal((First.Value, "alpha", "Ana", "succeeded"), (root.Tags["scyllabot.job"], root.Tags["scyllabot.cluster"], root.Tags["scyllabot.operator"], root.Tags["scyllabot.outcome"]));
        Assert.Equal((Nanoseconds(Journals.Life[0].At), Nanoseconds(Journals.Life[^1].At), 1UL), (root.Start, root.End, root.Status));
        Assert.Contains("halted", root.Events);

        var drains = spans.Where(s => s.Parent == root.Id && s.Tags["scyllabot.step"] == "1.1").OrderBy(s => s.End).ToArray();
        Assert.Equal(["1", "2", "3", "3"], drains.Select(s => s.Tags["scyllabot.attempt"]));
        Assert.Equal([2UL, 2UL, 0UL, 1UL], drains.Select(s => s.Status));
        Assert.All(drains, s => Assert.Equal(("scylla-drain", "alpha-a-1", "Ana", "alpha"), (s.Name, s.Tags["scyllabot.node"], s.Tags["scyllabot.operator"], s.Tags["scyllabot.cluster"])));
        Assert.Equal((Nanoseconds(Journals.At(6)), Nanoseconds(Journals.At(7))), (drains[0].Start, drains[0].End));
        Assert.Equal(spans.Length, 1 + spans.Count(s => s.Parent == root.Id));
    }

    [Fact]
    public async Task A_job_that_another_process_takes_up_goes_on_in_the_same_trace()
    {
        var at = Journals.Life.TakeWhile(e => e is not HostResumed).Count();
        await using var collector = await Collector.StartAsync();
        await SendAsync(collector, traces => MetricsTests.Tell(traces, Journals.Life[..at]));
        await SendAsync(collector, traces =>
        {
            var job = Job.From(First, Journals.Life[..at]);
            foreach (var e in Journals.Life[at..])
            {
                job = job.Apply(e);
                traces.Committed(job, [e]);
            }
        });
        var spans = collector.Spans;
        Assert.Single(spans.Select(s => s.Trace).Distinct(StringComparer.Ordinal));
        var roots = spans.Where(s => s.Parent.Length == 0).OrderBy(s => s.Start).ToArray();
        Assert.Equal(["left open", "succeeded"], roots.Select(r => r.Tags["scyllabot.outcome"]));
        Assert.Equal("1", roots[1].Tags["scyllabot.resumed"]);
        Assert.All(spans.Except(roots), s => Assert.Contains(s.Parent, roots.Select(r => r.Id)));
    }

    [Fact]
    public async Task What_is_said_of_a_job_after_its_end_begins_no_trace_anew()
    {
        await using var collector = await Collector.StartAsync();
        await SendAsync(collector, traces => traces.Committed(Job.From(First, Journals.Life), [new HaltAcknowledged(Journals.At(99), Journals.Ana)]));
        Assert.Empty(collector.Spans);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_costs_traces_and_nothing_else() =>
        await SendAsync(new Uri("http://127.0.0.1:1"), traces => MetricsTests.Tell(traces, Journals.Life));

    private static Task SendAsync(Collector collector, Action<JobTraces> tell) => SendAsync(collector.Uri, tell);

    private static async Task SendAsync(Uri collector, Action<JobTraces> tell)
    {
        var traces = new JobTraces((_, path) => path == "1.1" ? "scylla-drain" : null);
        using var export = new TraceExport(collector, "1.2.3", traces);
        await export.StartAsync(default);
        tell(traces);
        await export.StopAsync(default);
    }

    private static ulong Nanoseconds(DateTimeOffset at) => (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * 100;
}
