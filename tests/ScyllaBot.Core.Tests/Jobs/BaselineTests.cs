using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>Conditions that compare with how it was before the node was touched, and what a wait tells of its numbers.</summary>
public sealed class BaselineTests : IDisposable
{
    private const string Steps = """
        - task: !take-down
        - task: !wait-for-conditions
            conditions:
              - condition: !near-baseline
                success_window_seconds: 10
                timeout_seconds: 3600
        """;

    private readonly EngineBed _bed = new(options: BedWorkflows.Own(Steps));

    [Fact]
    public void A_baseline_is_measured_right_before_the_node_is_first_held_and_kept_in_the_journal()
    {
        _bed.Ports.Measure = (_, context) => _bed.Events.OfType<NodeHeld>().Any(h => h.Node == context.Node.Name) ? 25 : 20;
        var id = _bed.Run(Own("b1", "c1"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal([("b1", "load", 20.0), ("c1", "load", 20.0)], _bed.Events.OfType<BaselineTaken>().Select(b => (b.Node, b.Key, b.Value)));
        var events = _bed.Events.ToList();
        Assert.All(_bed.Events.OfType<BaselineTaken>(), b => Assert.IsType<NodeHeld>(events[events.IndexOf(b) + 1]));
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void A_baseline_outlives_the_host()
    {
        var load = 20.0;
        _bed.Ports.Measure = (_, _) => load;
        var id = _bed.Run(Own("b1"));
        _bed.Until(() => _bed.Events.Any(e => e is NodeHeld));
        load = 90;
        _bed.Kill();
        Assert.Empty(_bed.StartHost());
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        load = 29;
        _bed.UntilState(id, JobState.Ended);
        Assert.Single(_bed.Events.OfType<BaselineTaken>());
    }

    [Fact]
    public void A_baseline_that_can_not_be_read_is_none_and_is_logged()
    {
        _bed.Ports.Measure = (_, context) => _bed.Events.Any(e => e is NodeHeld) ? 0 : throw new RecoverableException("no metrics yet");
        var id = _bed.Run(Own("b1"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<BaselineTaken>());
        Assert.Contains(_bed.Log, l => l.Text == "Baseline load: none, no metrics yet");
    }

    [Fact]
    public void Why_tells_numbers_bound_baseline_window_reset_trend_source_and_what_happens_on_time_out()
    {
        var load = 20.0;
        _bed.Ports.Measure = (_, _) => load;
        _bed.WithoutLeader();
        var id = _bed.Run(Own("b1", "b2"));
        _bed.Until(() => _bed.Events.Any(e => e is NodeHeld));
        _bed.Until(() => _bed.Do(() => _bed.Control.ShowAsync(id, default))!.Waits is [{ Why: null, HeldFor.TotalSeconds: >= 5 }]);
        load = 90;
        _bed.Pass(TimeSpan.FromSeconds(11));
        load = 60;
        _bed.Pass(TimeSpan.FromSeconds(11));
        var live = _bed.Do(() => _bed.Control.ShowAsync(id, default))!;
        var why = string.Join('\n', _bed.Do(() => _bed.Control.WhyAsync(id, default))!.Value);
        Assert.Contains("1.2@b1 (Wait for conditions): Near its baseline: load of b1 is 60, more than 30.", why, StringComparison.Ordinal);
        Assert.Contains("It must hold for 10 s without a break. Last reset", why, StringComparison.Ordinal);
        Assert.Contains("load of b1 is 90, more than 30", why, StringComparison.Ordinal);
        Assert.Contains("halts then and calls you", why, StringComparison.Ordinal);
        Assert.Contains("  load 60 of at most 30 ms, 20 ms before, rising (", why, StringComparison.Ordinal);
        Assert.Contains("→ 90 → ", why, StringComparison.Ordinal);
        Assert.Contains("s ago it was 20); from metrics of b1.", why, StringComparison.Ordinal);
        Assert.Contains("Next is b2; not yet, because 1 of at most 1 node at work", why, StringComparison.Ordinal);
        Assert.Contains("b1 is down by us", why, StringComparison.Ordinal);
        var card = Core.Chat.JobCard.Render(live, _bed.Time.GetUtcNow(), sandbox: true);
        Assert.Contains(card.Parts, p => p.Name == "Waits for" && p.Text.Contains("load 60 of at most 30 ms, 20 ms before, rising", StringComparison.Ordinal));
        Assert.Contains(card.Parts, p => p.Name == "Down by us" && p.Text.Contains("Take down", StringComparison.Ordinal));
        Assert.Contains("b1", live.View, StringComparison.Ordinal);
    }

    public void Dispose() => _bed.Dispose();
}
