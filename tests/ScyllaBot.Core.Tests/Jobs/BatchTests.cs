using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>A rollout cut into batches, with cluster steps between them and before its last node.</summary>
public sealed class BatchTests
{
    private const string Restart = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !up-for-all-peers
                success_window_seconds: 10
                timeout_seconds: 300
        """;

    private const string Stops = """
        batches: [1, 50%]
        between_batches:
          - task: !probe
              does: between
          - task: !probe
              does: again
        before_last_node:
          - task: !probe
              does: last
        """;

    [Fact]
    public void Between_batches_and_before_the_last_node_steps_run_once_at_a_safe_point_and_resume_wherever_the_host_dies()
    {
        var clean = Run(null);
        Assert.True(clean > 30, $"only {clean} appends");
        for (var prefix = 3; prefix <= clean; prefix++)
        {
            Run(prefix);
        }
    }

    [Fact]
    public void A_step_between_batches_that_fails_halts_and_a_retry_goes_on_there()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, Stops));
        var fails = true;
        bed.Ports.ProbeAsync = (does, _, _) => does == "again" && fails ? throw new Core.Tasks.UnrecoverableException("no") : Task.CompletedTask;
        var id = bed.Run(Own());
        bed.UntilState(id, JobState.Halted);
        Assert.Equal(new StepKey("1.b1.2", null), bed.Job(id).Halt!.Key);
        Assert.True(bed.Job(id).IsAtSafePoint);
        bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Single(bed.Events.OfType<NodeHeld>());
        fails = false;
        Yes(bed.Press(c => c.RetryAsync(Mara, id, extend: false, default)));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, bed.Events.OfType<NodeHeld>().Count());
        Assert.Single(bed.Events.OfType<StepStarted>(), s => s.Key.Path == "1.b1.1");
    }

    [Fact]
    public void Before_the_last_node_people_may_be_asked_and_nobody_is_down_meanwhile()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, """
            concurrency_limit: 2
            before_last_node:
              - task: !probe
                approval:
                  message: This is the point of no return
                  timeout_seconds: 86400
            """));
        var id = bed.Run(Own());
        bed.Until(() => bed.Job(id).Approvals.ContainsKey("1.l.1"), what: "the question");
        bed.Pass(TimeSpan.FromHours(5));
        Assert.Equal(3, bed.Events.OfType<NodeHeld>().Count());
        Assert.True(bed.Job(id).IsAtSafePoint);
        var live = bed.Do(() => bed.Control.ShowAsync(id, default))!;
        Assert.Equal("it is the last node, and what comes before that runs first", live.WhyNotNext);
        Yes(bed.Approve(id, "1.l.1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, bed.Events.OfType<NodeHeld>().Count());
        Invariants.Hold(bed, id, limit: 2);
    }

    [Fact]
    public void A_pause_between_batches_lasts_until_somebody_resumes()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, Stops));
        var asked = 0;
        JobId id = default;
        bed.Ports.ProbeAsync = async (does, context, ct) =>
        {
            asked += does == "between" ? 1 : 0;
            await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
        };
        id = bed.Run(Own());
        bed.Until(() => asked == 1);
        Yes(bed.Press(c => c.PauseAsync(Mara, id, default)));
        bed.UntilState(id, JobState.Paused);
        bed.Pass(TimeSpan.FromHours(1));
        Assert.Single(bed.Events.OfType<NodeHeld>());
        Yes(bed.Press(c => c.ResumeAsync(Mara, id, default)));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Equal(4, bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void The_plan_shows_batches_zone_by_zone_and_when_the_stops_are()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, Stops));
        var plan = bed.Plan(Own());
        Assert.Equal(["1 b1", "2 b2", "2 c1", "3 d1"], plan.Waves.Select(w => $"{w.Batch} {string.Join(' ', w.Nodes)}"));
        Assert.Equal(["1.b.1 after each batch but the last: probe does=between", "1.b.2 after each batch but the last: probe does=again", "1.l.1 before the last node: probe does=last"],
            plan.Steps.Where(s => !s.PerNode).Select(s => $"{s.Path} {s.Detail}"));
    }

    [Fact]
    public void Across_zones_a_first_batch_is_a_canary_of_each_and_one_datacenter_is_finished_before_the_next_R24()
    {
        var plan = Cut(["3", "100%"], BatchBy.AcrossZones, ("a", "r1", 3), ("a", "r2", 2), ("a", "r3", 2), ("b", "r1", 2), ("b", "r2", 1));
        Assert.Equal(["1 ar11", "1 ar21", "1 ar31", "2 ar12 ar13", "2 ar22", "2 ar32", "2 br11 br12", "2 br21"], plan.Waves.Select(w => $"{w.Batch} {string.Join(' ', w.Nodes)}"));
    }

    [Theory]
    [InlineData("1", "1 1 1 1 1 1 1")]
    [InlineData("1,3", "1 3 3")]
    [InlineData("1,3,30%", "1 3 3")]
    [InlineData("30%", "3 3 1")]
    [InlineData("1%", "1 1 1 1 1 1 1")]
    [InlineData("9", "7")]
    public void The_last_size_repeats_and_a_share_is_of_all_rounded_up(string sizes, string batches) => Assert.Equal(
        batches, string.Join(' ', Cut(sizes.Split(','), BatchBy.Order, ("a", "r1", 4), ("a", "r2", 3)).Waves.GroupBy(w => w.Batch).Select(b => b.Sum(w => w.Nodes.Length))));

    private static RollingPlan Cut(string[] sizes, BatchBy by, params (string Dc, string Rack, int Nodes)[] racks)
    {
        var nodes = racks.SelectMany(r => Enumerable.Range(1, r.Nodes).Select(i => new TargetNode($"{r.Dc}{r.Rack}{i}", "", Guid.Empty, r.Dc, r.Rack, ""))).ToImmutableArray();
        return RollingPlan.Of(nodes, new NodeWorkflow { Name = "n", NodeTasks = [], Batches = sizes, BatchBy = by, ConcurrencyLimit = 2 });
    }

    private static int Run(int? prefix)
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, Stops));
        var seen = new List<string>();
        bed.Ports.ProbeAsync = (does, _, _) =>
        {
            var job = bed.Store.Inner.Journal.Select(e => e.Event).ToArray();
            Assert.Equal(job.OfType<NodeHeld>().Count(), job.OfType<NodeReleased>().Count());
            seen.Add($"{does} {job.OfType<NodeReleased>().Count()}");
            return Task.CompletedTask;
        };
        bed.Store.DiesAt = prefix;
        var id = default(JobId);
        if (!bed.TryDo(() => bed.Control.PlanAsync(Mara, Own(), default), out var plan) || !bed.TryDo(() => bed.Control.StartAsync(Mara, ((PlanOutcome.Ready)plan!).Plan, default), out _))
        {
            return 0;
        }

        id = bed.Stored(s => s.FindByRequestAsync("request-1", default))!.Value;
        var lives = bed.TryDo(() => bed.Control.DecideAsync(Jon, id, Approvals.Start, approve: true, "", default), out _);
        if (!lives || !bed.TryUntil(() => bed.Job(id).State == JobState.Ended, TimeSpan.FromHours(3)))
        {
            bed.Pass(TimeSpan.FromSeconds(7));
            bed.StartHost();
            if (bed.Job(id).IsOpen)
            {
                bed.UntilState(id, JobState.Ended);
            }
        }

        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 1);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);

        // A probe that had begun when the host died is entered again, as the same attempt; nothing else is done twice or elsewhere.
        Assert.Equal(["between 1", "again 1", "last 3", "between 3", "again 3"], seen.Distinct().OrderBy(s => s[^1]).ThenBy(s => seen.IndexOf(s)), new Order());
        Assert.InRange(seen.Count, 5, prefix is null ? 5 : 6);
        Assert.All(bed.Job(id).Steps.Values, s => Assert.Equal((StepStatus.Succeeded, 1), (s.Status, s.Attempt)));
        return bed.Store.Appends;
    }

    /// <summary>The last node is a batch of its own here: which of its two stops comes first is not what is tested.</summary>
    private sealed class Order : IEqualityComparer<IEnumerable<string>>
    {
        public bool Equals(IEnumerable<string>? a, IEnumerable<string>? b) => a!.Order(StringComparer.Ordinal).SequenceEqual(b!.Order(StringComparer.Ordinal));

        public int GetHashCode(IEnumerable<string> all) => 0;
    }
}
