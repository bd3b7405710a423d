using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace Scyllactl.Tests.Support;

/// <summary>Answers of a bot as they could be.</summary>
internal static class Samples
{
    public const string JobId = "01JD7Q2M9K3XYZ";
    public const string Node = "scylla-messages-stg-us-east1-b-1";
    public static readonly DateTimeOffset At = new(2026, 1, 28, 18, 29, 2, 441, TimeSpan.Zero);
    public static readonly Person Mara = new("mara", "mara");

    public static JobView Job { get; } = new()
    {
        Id = JobId, Cluster = "messages-stg", Workflow = "rolling_restart", Title = "Restart every node", State = JobState.Running, Operator = Mara, Owner = Mara,
        Reason = "new flags", Created = At, Updated = At.AddMinutes(3), Sequence = 12, PlanHash = "abc", Variables = ImmutableSortedDictionary<string, string>.Empty,
        Nodes =
        [
            new(Node, "us-east1/b", NodeProgressState.Done, null, null), new("scylla-messages-stg-us-east1-b-2", "us-east1/b", NodeProgressState.Held, "Drain Scylla node", At.AddMinutes(2)),
            new("scylla-messages-stg-us-east1-c-1", "us-east1/c", NodeProgressState.Waiting, null, null),
        ],
        Steps = [],
        Waits =
        [
            new("1.4", "scylla-messages-stg-us-east1-b-2", "Node is up for all peers", null, 12, 60, At, At.AddMinutes(30), null, null, []),
            new("1.5", "scylla-messages-stg-us-east1-b-2", "Compactions are nominal", "7 pending, at most 2", 0, 20, At, At.AddMinutes(30), null, null, ["pending compactions 7, falling"]),
        ],
        NextNodes = ["scylla-messages-stg-us-east1-c-1"], WhyNotNext = "zone us-east1/b is at work", Approvals = [], Questions = [], InFlight = [], Debts = [],
        View = " 1 scylla-messages-stg~   .  - NORMAL",
    };

    public static JobView Halted { get; } = Job with
    {
        State = JobState.Halted, Halt = new("1.2@" + Node, false, "the drain was refused", "everyone else serves", At.AddMinutes(3), false),
    };

    public static JobView Succeeded { get; } = Job with { State = JobState.Ended, Outcome = JobOutcome.Succeeded, EndWhy = "every step passed", Waits = [], NextNodes = [], WhyNotNext = null, View = null };

    public static JobView Aborted { get; } = Succeeded with { Outcome = JobOutcome.Aborted, EndWhy = "mara asked for it" };

    public static PlanView Plan { get; } = new()
    {
        Id = "p1", Hash = "0123456789abcdef", Title = "Restart every node", Workflow = "rolling_restart", Cluster = "messages-stg", Environment = ClusterEnvironment.Staging,
        Mode = ClusterMode.Run, Reason = "", Variables = ImmutableSortedDictionary<string, string>.Empty.Add("settle", "90"),
        Targets = [new(Node, "10.0.1.1", "a", "us-east1/b", "2026.1")], Waves = [new("us-east1/b", [Node], 1)],
        Steps = [new("1.1", "Drain Scylla node", "", Direction.TakesDown, Risk.Disruptive, true, "", false)], Verdict = ["one at a time keeps every quorum"], Concerns = [], Waits = [], Debts = [],
        Approvals = ["1 approver before the start"], Scope = [], StartApprovals = 1, IsDestructive = false, Expected = "about 12 min",
    };

    public static ClusterList Clusters { get; } = new([new("messages-stg", ClusterEnvironment.Staging, ClusterMode.Run, 3, 3, [new("us-east1/b", 2), new("us-east1/c", 1)], [], 0)], null);

    public static ClusterView Cluster { get; } = new(
        Clusters.Clusters[0], [new(Node, "10.0.1.1", "a", "us-east1/b", null, false), new("scylla-messages-stg-us-east1-c-1", "10.0.1.2", "b", "us-east1/c", null, false)], [], [], []);

    public static JobLogLine Line(long number, string text, string? node = Node) =>
        new(number, At, "1.1", node, text, $"2026-01-28 18:29:02.441Z {(node is null ? "" : $"[{node}] ")}{text}");

    /// <summary>A bot that knows a cluster and starts what it is asked for.</summary>
    public static FakeBot Ready(this FakeBot bot) => bot
        .Answers(ControlRoutes.Clusters, Clusters).Answers(ControlRoutes.Cluster, Cluster).Answers(ControlRoutes.Plan, Plan).Answers(ControlRoutes.PlanTask, Plan)
        .Answers(ControlRoutes.Start, new VerbAnswer("Started.", JobId, JobState.Waiting));

    public static string Standing(JobView job) => FakeBot.Event(WatchEvents.Job, new WatchCursor(job.Sequence, 0), job);

    public static string Logged(long number, string text, string? node = Node) => FakeBot.Event(WatchEvents.Log, new WatchCursor(number, number), Line(number, text, node));

    public static string Over { get; } = FakeBot.Event(WatchEvents.End, new WatchCursor(99, 99), new WatchEnd(WatchEnd.JobEnded));
}
