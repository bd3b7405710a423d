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
                        success_window_seconds: 20
                        poll_interval_seconds: 2
                        timeout_seconds: 1800
                - task: !wait-for-conditions
                    conditions:
                      - condition: !compactions-nominal
                        success_window_seconds: 20
                        poll_interval_seconds: 5
                        timeout_seconds: 1800
        """;

    /// <param name="Whole">From the start of the job to its end.</param>
    /// <param name="Bound">Σ over zones of max(longest node, Σ node times ÷ limit), a node's time with its success windows.</param>
    /// <param name="Rounded">The same where a zone of 10 nodes of one length takes 4 rounds of 3 and not 3 1/3.</param>


    public sealed record Result(TimeSpan Whole, TimeSpan Bound, TimeSpan Rounded)
    {
        public double Ratio => Whole / Bound;
    }

    public static string Debug = "";

    /// <param name="racks">How many nodes each has.</param>
    public static Result Of(params int[] racks)
    {
        using var bed = new EngineBed(options: new BedOptions
        {
            Plan = dice => BedClusters.Plan(dice, [.. racks.Select((n, i) => ($"{(char)('b' + i)}", n))]),
            Workflows = [("own.yaml", Restart)],
        });
        var id = bed.Run(BedPeople.Own());
        var last = "";
        bed.Until(() =>
        {
            var why = string.Join("; ", bed.Engine.Find(id)?.WhyNot.Select(w => $"{w.Node}: {w.Why}").Take(1) ?? []);
            if (why != last) { last = why; Debug += $"{(bed.Time.GetUtcNow() - bed.Events.First().At).TotalSeconds:0.0} {why}\n"; }
            return !bed.Job(id).IsOpen;
        }, TimeSpan.FromHours(12), "the end");
        var job = bed.Job(id);
        var nodes = bed.Events.Select(e => (e.At, Key: e switch { StepStarted s => s.Key, StepSucceeded s => s.Key, _ => default(StepKey?) }))
            .Where(e => e.Key?.Node is not null).GroupBy(e => e.Key!.Value.Node!, StringComparer.Ordinal)
            .Select(g => (Zone: g.Key[..1], Time: g.Max(e => e.At) - g.Min(e => e.At))).ToArray();
        var x = string.Join("\n", bed.Events.Where(e => e is NodeHeld or NodeReleased or Began or Ended or StepStarted { Key.Node: not null } or StepSucceeded { Key.Node: not null }).Take(140).Select(e => $"{(e.At - bed.Events.First().At).TotalSeconds:0.0} {e.GetType().Name} {(e is StepStarted s ? s.Key.ToString() : e is StepSucceeded u ? u.Key.ToString() : e is NodeHeld h ? h.Node : e is NodeReleased r ? r.Node : "")}"));
        var zones = nodes.GroupBy(n => n.Zone, StringComparer.Ordinal).Select(z => z.Select(n => n.Time).ToArray()).ToArray();
        return new Result(
            job.End!.At - bed.Events.OfType<Began>().Single().At,
            Sum(zones.Select(z => Longer(z.Max(), Sum(z) / 3))),
            Sum(zones.Select(z => Longer(z.Max(), Sum(z) / z.Length * Math.Ceiling(z.Length / 3.0)))));
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (a, b) => a + b);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
