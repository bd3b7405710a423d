using System.Globalization;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>A job takes nodes down only inside its window.</summary>
public sealed class WindowTests
{
    private const string Restart = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !up-for-all-peers
                success_window_seconds: 240
                timeout_seconds: 3600
        """;

    [Fact]
    public void Outside_it_no_node_begins_whoever_is_down_finishes_and_why_says_when_it_opens()
    {
        using var probe = new EngineBed();
        var opens = Minute(probe.Time.GetUtcNow()) + TimeSpan.FromMinutes(200);
        using var bed = Bed(Restart, opens, TimeSpan.FromMinutes(6));
        var id = bed.Run(Own());
        bed.Pass(TimeSpan.FromSeconds(30));
        Assert.StartsWith("outside the window, opens in 3 h ", bed.Do(() => bed.Control.ShowAsync(id, default))!.WhyNotNext, StringComparison.Ordinal);
        Assert.Contains(bed.Do(() => bed.Control.WhyAsync(id, default))!.Value, l => l.StartsWith("Next is b1; not yet, because outside the window, opens in", StringComparison.Ordinal));
        bed.Until(() => bed.Events.OfType<NodeHeld>().Count() == 2, TimeSpan.FromDays(1));
        Assert.All(bed.Events.OfType<NodeHeld>(), h => Assert.InRange(h.At, opens, opens + TimeSpan.FromMinutes(6)));
        bed.Until(() => bed.Events.OfType<NodeReleased>().Count() == 2);
        Assert.True(bed.Time.GetUtcNow() > opens + TimeSpan.FromMinutes(6));
        bed.Kill();
        bed.StartHost();
        bed.Until(() => bed.Events.OfType<NodeHeld>().Count() == 3, TimeSpan.FromDays(2));
        Assert.InRange(bed.Time.GetUtcNow(), opens + TimeSpan.FromDays(1), opens + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        bed.Until(() => !bed.Job(id).IsOpen, TimeSpan.FromDays(3));
        Assert.Empty(bed.Events.OfType<Halted>());
        Invariants.Hold(bed, id, limit: 1);
    }

    [Fact]
    public void What_takes_nobody_down_does_not_wait_for_it()
    {
        using var probe = new EngineBed();
        using var bed = Bed("- task: !probe", Minute(probe.Time.GetUtcNow()) + TimeSpan.FromHours(3), TimeSpan.FromHours(1));
        var id = bed.Start(Own());
        bed.Until(() => !bed.Job(id).IsOpen, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void A_window_that_closes_while_a_node_waits_for_its_preconditions_takes_it_down_only_in_the_next()
    {
        using var probe = new EngineBed();
        var opens = Minute(probe.Time.GetUtcNow()) + TimeSpan.FromMinutes(60);
        using var bed = Bed("- task: !take-down\n- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers", opens, TimeSpan.FromMinutes(1));
        bed.Ports.WhyNot = (_, context) => context.Time.GetUtcNow() < opens + TimeSpan.FromMinutes(3) ? "not yet" : null;
        var id = bed.Run(Own("b1"));
        bed.Until(() => !bed.Job(id).IsOpen, TimeSpan.FromDays(3));
        Assert.InRange(Assert.Single(bed.Events.OfType<NodeHeld>()).At, opens + TimeSpan.FromDays(1), opens + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.Empty(bed.Events.OfType<Halted>());
    }

    [Fact]
    public void What_a_node_has_waited_for_its_preconditions_in_one_window_is_not_counted_in_the_next()
    {
        using var probe = new EngineBed();
        var opens = Minute(probe.Time.GetUtcNow()) + TimeSpan.FromMinutes(60);
        using var bed = Bed("- task: !take-down\n  timeout_seconds: 600\n- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers", opens, TimeSpan.FromMinutes(2));
        bed.Ports.WhyNot = (_, context) => context.Time.GetUtcNow() is var now
            && (now < opens + TimeSpan.FromMinutes(3) || (now > opens + TimeSpan.FromDays(0.5) && now < opens + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1))) ? "not yet" : null;
        var id = bed.Run(Own("b1"));
        bed.Until(() => bed.Events.Any(e => e is NodeHeld or Halted), TimeSpan.FromDays(3));
        Assert.InRange(Assert.Single(bed.Events.OfType<NodeHeld>()).At, opens + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1), opens + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        bed.Until(() => !bed.Job(id).IsOpen, TimeSpan.FromDays(3));
        Assert.Empty(bed.Events.OfType<Halted>());
    }

    private static EngineBed Bed(string steps, DateTimeOffset opens, TimeSpan length) => new(options: BedWorkflows.Own(steps, top: string.Create(
        CultureInfo.InvariantCulture, $"window:\n  - from: \"{opens:HH:mm}\"\n    to: \"{opens + length:HH:mm}\"")));

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, TimeSpan.Zero);
}
