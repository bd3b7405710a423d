using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>How long a rolling restart takes compared with what its nodes take, in simulated time: the idle time of the engine shows, and nothing else.</summary>
public static class Makespan
{
    private const string Restart = """
        name: Restart
        repairs: wait
        cluster_tasks:
          - task: !node-workflow
              name: Restart
              concurrency_limit: 3
              node_tasks:
                - task: !scylla-drain
                - task: !systemd-stop-scylla-server
                - task: !systemd-start-service
                    service: scylla-server
                - task: !wait-for-conditions
                    conditions:
                      - condition: !up-for-all-peers
                        success_window_seconds: WINDOW
                        poll_interval_seconds: 2
                        timeout_seconds: 1800
                - task: !wait-for-conditions
                    conditions:
                      - condition: !compactions-nominal
                        success_window_seconds: WINDOW
                        poll_interval_seconds: 5
                        timeout_seconds: 1800
        """;

    /// <param name="Whole">From the start of the job to its end.</param>
    /// <param name="Bound">Σ over zones of max(longest node, Σ node times ÷ limit), a node's time with its success windows.</param>
    /// <param name="Rounded">The same where a zone of 10 nodes of one length takes 4 rounds of 3 and not 3 1/3.</param>
    /// <param name="Idle">For how long slots were free although a node of the zone, or the next zone, had not begun: what the engine wasted.</param>
    public sealed record Result(TimeSpan Whole, TimeSpan Bound, TimeSpan Rounded, TimeSpan Idle)
    {
        public double Ratio => Whole / Bound;
    }

    /// <param name="window">Success window of each of the two waits, in seconds.</param>
    /// <param name="racks">How many nodes each has.</param>
    public static Result Of(int window, params int[] racks)
    {
        using var bed = new EngineBed(options: new BedOptions
        {
            Plan = dice => BedClusters.Plan(dice, [.. racks.Select((n, i) => ($"{(char)('b' + i)}", n))]),
            Workflows = [("own.yaml", Restart.Replace("WINDOW", $"{window}", StringComparison.Ordinal))],
        });
        var id = bed.Run(BedPeople.Own());
        bed.Until(() => !bed.Job(id).IsOpen, TimeSpan.FromHours(12), "the end");
        var job = bed.Job(id);
        var nodes = bed.Events.Select(e => (e.At, Key: e switch { StepStarted s => s.Key, StepSucceeded s => s.Key, _ => default(StepKey?) }))
            .Where(e => e.Key?.Node is not null).GroupBy(e => e.Key!.Value.Node!, StringComparer.Ordinal)
            .Select(g => (Zone: g.Key[..1], From: g.Min(e => e.At), To: g.Max(e => e.At))).ToArray();
        var worked = nodes.GroupBy(n => n.Zone, StringComparer.Ordinal).Select(z => z.ToArray()).ToArray();
        var zones = worked.Select(z => z.Select(n => n.To - n.From).ToArray()).ToArray();
        return new Result(
            job.End!.At - bed.Events.OfType<Began>().Single().At,
            Sum(zones.Select(z => Longer(z.Max(), Sum(z) / 3))),
            Sum(zones.Select(z => Longer(z.Max(), Sum(z) / z.Length * Math.Ceiling(z.Length / 3.0)))),
            Sum(worked.Select(z => IdleIn([.. z.Select(n => n.From)], [.. z.Select(n => n.To)])))
                + Sum(worked.Zip(worked.Skip(1)).Select(z => z.Second.Min(n => n.From) - z.First.Max(n => n.To))));
    }

    /// <summary>The fourth node may begin when the first to end has ended, and so on.</summary>
    private static TimeSpan IdleIn(DateTimeOffset[] begins, DateTimeOffset[] ends)
    {
        Array.Sort(begins);
        Array.Sort(ends);
        return Sum(begins.Skip(3).Zip(ends).Select(n => n.First - n.Second));
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (a, b) => a + b);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
