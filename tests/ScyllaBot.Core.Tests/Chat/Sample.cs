using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Chat;

/// <summary>A rolling restart over three zones, folded from journals only: no state that could not happen.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Start = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);

    public static readonly Person Operator = new("184405311681986560", "peter");

    public static readonly Person Colleague = new("184405311681986561", "bo");

    public static readonly JobId Id = new("01KG3DVQ8PABCDEF");

    public static readonly StepKey Drain = new("1.1", "scylla-a-1");

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public static Created Created(int nodesPerZone = 3, int zones = 3, string title = "Rolling restart", string reason = "kernel config")
    {
        var targets = Enumerable.Range(0, zones).SelectMany(z => Enumerable.Range(1, nodesPerZone).Select(n => new TargetNode(
            $"scylla-{(char)('a' + (z % 26))}{(z >= 26 ? z : "")}-{n}",
            $"10.0.{z}.{n}", new Guid(z, (short)n, 0, new byte[8]), "us-east1", $"rack{z}", "6.2.3")));
        return new Created(
            Start, "req-1", "rolling_restart", "name: x", ImmutableSortedDictionary<string, string>.Empty, "messages-stg", Operator,
            [.. targets], "3f9a2b7c81d0e4f5aa", reason, title, "infra-doing");
    }

    public static Job Job(params JobEvent[] events) => Core.Jobs.Job.From(Id, [Created(), .. events]);

    public static Job Running(params JobEvent[] events) =>
        Job([new LeaseTaken(At(1), "messages-stg", 7), new Began(At(2)), .. events]);

    /// <summary>Node a-1 is drained and down by us.</summary>
    public static readonly JobEvent[] Draining =
        [new NodeHeld(At(10), "scylla-a-1", Drain), new StepStarted(At(10), Drain, 1, null)];

    public static Halted Halt(bool recoverable = false, double at = 250) => new(
        At(at), Drain, recoverable, "compactions nominal: 14 compactions pending, 0 expected; gave up after 240 s",
        "Nothing else is down; the other zones are whole.");

    public static readonly StepFailed Failure = new(At(249), Drain, 1, false, "compactions nominal: gave up after 240 s", null);

    public static Job HaltedJob(params JobEvent[] more) => Running([.. Draining, Failure, Halt(), .. more]);

    public static ApprovalAsked StartQuestion(int count = 1) => new(
        At(1), "start", "Restart 9 nodes, one at a time; quorum holds before and after each.", ["sre-leads"], count, At(3600), "3f9a2b7c81d0e4f5aa");

    public static LiveJob Live(Job job, params LiveWait[] waits) => Live(job, NodeProgressState.Waiting, waits);

    public static LiveJob Live(Job job, NodeProgressState first, params LiveWait[] waits)
    {
        var nodes = job.Birth.Targets.Select(t => new NodeProgress(t.Name, t.Zone, NodeProgressState.Waiting, null, null)).ToArray();
        if (first != NodeProgressState.Waiting)
        {
            nodes[0] = nodes[0] with { State = first, Step = "Drain Scylla node" };
        }

        return new LiveJob(job, Plan(job), [.. waits], [.. nodes], ["scylla-a-2"], "zone us-east1/rack0 works on scylla-a-1");
    }

    public static Plan Plan(Job job) => new()
    {
        Request = new RunRequest("req-1", "rolling_restart", job.Cluster, new Target.All(), ImmutableSortedDictionary<string, string>.Empty, ""),
        Title = job.Birth.Title,
        Hash = job.Birth.PlanHash,
        Cluster = new Cluster(job.Cluster, ClusterEnvironment.Staging, ClusterMode.Run, []),
        WorkflowText = job.Birth.WorkflowText,
        Variables = job.Birth.Variables,
        Targets = job.Birth.Targets,
        Waves = [.. job.Birth.Targets.GroupBy(t => t.Zone).Select(z => new PlanWave(z.Key, [.. z.Select(t => t.Name)], 1))],
        Steps =
        [
            new PlanStep("1", "Restart nodes", "node-workflow", Direction.Neutral, Risk.None, false),
            new PlanStep("1.1", "Drain Scylla node", "scylla-drain", Direction.TakesDown, Risk.Disruptive, true),
            new PlanStep("1.r1", "Start systemd service", "systemd-start-service", Direction.BringsUp, Risk.Disruptive, true),
        ],
        Verdict = ["LOCAL_QUORUM holds for all 4 keyspaces with any one zone down"],
        Concerns = [],
        Approvals = ["sre-leads: start"],
    };
}
