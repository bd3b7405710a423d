using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Testing;

/// <summary>Events to test stores and readers with.</summary>
public static class Journals
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    public static readonly Person Ana = new("100000000000000001", "Ana");
    public static readonly Person Ben = new("100000000000000002", "Ben \"b\" O'Hara");
    private static readonly ImmutableSortedDictionary<string, string> Map = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
    public static readonly StepKey Drain = new("1.1", "alpha-a-1");
    public static readonly StepKey Repair = new("2", null);

    public static PlanMeaning Meant { get; } = new()
    {
        Ring = Map.Add("00000000-0000-4000-8000-000000000001", "10.0.1.1"),
        Zones = Map.Add("alpha-a-1", "dc1/a"),
        Versions = Map.Add("alpha-a-1", "2025.1.2"),
        Replication = Map.Add("ks", "{'class': 'NetworkTopologyStrategy', 'dc1': '3'}"),
        Policy = ["Levels judged: LOCAL_QUORUM"],
    };

    /// <summary>One of every kind, with awkward text in it; in no order that could have happened.</summary>
    public static ImmutableArray<JournalEvent> OneOfEach { get; } =
    [
        Birth("interaction-1"),
        Birth("interaction-3") with
        {
            Scope = new JobScope { Limit = 2, StopAfter = 1, Left = ["alpha-b-1"], KnownDown = [new KnownDownNode("alpha-c-1", Guid.Parse("00000000-0000-4000-8000-00000000000c"))] },
            Meant = Meant,
        },
        new Began(At(1)),
        new LeaseTaken(At(2), "alpha", 1),
        new LeaseReleased(At(3), "alpha", 1),
        new ApprovalAsked(At(4), "start", "May I?\nReally?", ["100000000000000001", "role:dba"], 2, At(60), "sha256:ab"),
        new ApprovalAsked(At(4), "start", "May I?", [], 2, At(60), "sha256:ab") { Confirm = "alpha", MayBreakGlass = true },
        new ApprovalGiven(At(5), "start", Ana),
        new ApprovedAhead(At(5), "1.3", Ana, "sha256:ab"),
        new GlassBroken(At(5), "start", Ben, "nobody else is awake", ["100000000000000009"]),
        new ApprovalRefused(At(6), "start", Ben, "not now <script>"),
        new ApprovalExpired(At(7), "1.1@alpha-a-1"),
        new StepStarted(At(8), Drain, 1, At(90)),
        new StepStarted(At(8), Repair, 2, null),
        new StepSucceeded(At(9), Drain, 1),
        new StepFailed(At(10), Drain, 1, true, "no route", At(11)),
        new StepFailed(At(10), Repair, 3, false, "exit 1", null),
        new StepFailed(At(10), Drain, 2, true, "no route", At(11)) { Unsettled = ["scp-01J-1.1-1-logger", "an answer"] },
        new StepInterrupted(At(11), Drain, 1, "host stopping"),
        new StepSkipped(At(12), Repair, "on_failure: continue"),
        new StepPassedOver(At(12.5), Drain, "it holds already: Node runs the version"),
        new NodesChosen(At(12.5), "1", [new TargetNode("alpha-a-1", "127.0.1.1", new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "dc1", "a", "2025.1.4")]),
        new NodePassedOver(At(12.5), "1", "alpha-a-2", "it holds already: Node runs the version"),
        new NodeHeld(At(13), "alpha-a-1", Drain),
        new NodeReleased(At(14), "alpha-a-1", ReleaseReason.Restored),
        new NodeReleased(At(14), "alpha-a-1", ReleaseReason.Restored) { Anew = Drain },
        new NodeSkipped(At(15), "alpha-a-1", null, "asked"),
        new NodeSkipped(At(15), "alpha-a-2", null, "exit 1") { GivenUp = "1" },
        new NodeJoined(At(15.5), "alpha-a-3", new Guid("8d5ed9f4-7764-4dbd-bad8-43fddce94b7c")),
        new Halted(At(16), Drain, false, "it did not come up", "alpha-a-1 is down; the others serve"),
        new Halted(At(16), null, true, "topology unreadable", "nothing is down"),
        new Halted(At(16), Job.UpgradeKey, false, "!probe has changed", "nothing is down") { Tasks = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("probe", "00ff") },
        new HaltAcknowledged(At(17), Ana),
        new RetryAsked(At(18), Ana, true),
        new RestoreAsked(At(19), Ana, "alpha-a-1"),
        new PauseAsked(At(20), Ana),
        new PauseReached(At(21)),
        new Resumed(At(22), Ana),
        new AbortAsked(At(23), Ana, true),
        new PlanDrifted(At(24), "alpha-a-2 is new"),
        new PlanDrifted(At(24), "alpha-a-3 is gone") { Gone = ["alpha-a-3"], Now = Meant },
        new AlwaysStarted(At(25)),
        new HostResumed(At(26), TimeSpan.FromSeconds(61.5)),
        new Announced(At(27), Drain, ["ops", "dba"], "zürich 😀 done"),
        new JobHeld(At(27.125), "alpha-a-2", "alpha-a-2 is not answering"),
        new JobHeld(At(27.125), null, "10.0.9.9 joins or leaves the cluster, and not by this job"),
        new HoldPinged(At(27.25)),
        new HoldLifted(At(27.375)),
        new ViewSeen(At(27.5), "08:00:27Z  1  2\n 1 a  .  +"),
        new NodesSeenWell(At(27.5), ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("alpha-a-2", "1767600000").Add("Z", "1")),
        new BaselineTaken(At(27.625), "alpha-a-1", "compactions", 12.5),
        new QuestionAsked(At(27.75), Repair, "Which ticket?", [], "[A-Z]+-[0-9]+"),
        new QuestionAsked(At(27.75), Drain, "Go on?", ["yes", "not now"], null),
        new QuestionAnswered(At(27.875), Repair, Ana, "OPS-1"),
        new LeaseTaken(At(27.9375), "alpha", 4) { Class = LeaseClass.Topology, Group = "chat", Cap = 3 },
        new PauseAsked(At(27.9375), Person.Bot) { Cause = PauseCause.Yield, Why = "job J waits", For = "0000000002AAAAAA" },
        new LeaseAwaited(At(27.9375), "0000000001AAAAAA", LeaseClass.Disruptive),
        new Unlocked(At(27.9375), Ben, "its host burned", "alpha", 5),
        new OwnerChanged(At(27.9375), Ana, Ben),
        new Tuned(At(27.9375), Ana, 2, null),
        new TakenOver(At(27.9375), Ana, "the disk is full"),
        new HandsOff(At(27.9375), [new NodeSeen("alpha-a-1", "1767600000", "2025.1.4", "0123456789abcdef"), new NodeSeen("alpha-a-2", null, null, null)]),
        new HandReminded(At(27.9375)),
        new HandedBack(At(27.9375), Ana, "sha256:cd", ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("alpha-a-1", "done")),
        new UnderAsked(At(27.9375), 1, "interaction-3", Ben, "systemd-start-service", "name: Start\n", "alpha-a-1", "it is down"),
        new UnderAsked(At(27.9375), 2, "interaction-4", Ben, "abort-movement", "name: Abort\n", "alpha-a-1", "it hangs") { Gate = "out2@alpha-a-1" },
        new UnderStarted(At(27.9375), 1),
        new UnderEnded(At(27.9375), 1, "no route"),
        new HaltCalled(At(27.890625), 2),
        new NodeDownLong(At(27.890625), "alpha-a-1", At(13), TimeSpan.FromHours(3), false),
        new DebtOpened(
            At(27.9375), Drain, DebtKind.Snapshot, "alpha-a-1/before", "a snapshot pins disk", At(9000), DebtNature.Kept,
            DebtUndo.Of("clear-snapshots", "alpha-a-1", byItself: false, ("tag", "before"))),
        new DebtOpened(
            At(27.9375), null, DebtKind.ManagerSuspended, "", "the Manager starts no repair", At(9000), DebtNature.Owed, DebtUndo.Of("manager-resume", null, byItself: true)),
        new DebtPaid(At(27.96875), "0000000001AAAA-1a", DebtKind.ManagerSuspended, "", null, "step a1"),
        new UnitBegun(At(27.96875), Repair, "ring 0123456789ab: discord on alpha-a-1"),
        new UnitDone(At(27.96875), Repair, "ring 0123456789ab: discord on alpha-a-1"),
        new FootprintsFound(At(27.984375), "alpha", 7, ["lease epoch 7 on alpha-a-1 (this database: 0)"], ["0000000009AAAA"]),
        new FootprintsAcknowledged(At(27.9921875), Ben, "the host burned", "alpha", 107, ["0000000009AAAA"]),
        new Ended(At(28), JobOutcome.Succeeded, ""),
        new FleetHalted(At(28.5), Ben, "the network is on fire", false),
        new FleetLifted(At(28.75), Ana),
        new Audited(At(29), Ben, "interaction-2", "ops", "/scp abort", "refused: not an operator"),
        new DebtSettled(At(30), "0000000001AAAA-1a", "alpha", Ana, "done by hand"),
        new JobStuck(At(30.5), "0000000001AAAAAA", "no such tag"),
        new DebtOverdue(At(31), "0000000001AAAA-1a", "alpha"),
    ];

    /// <summary>A whole job that could have happened: approved, a retried drain, a halt and its retry, a pause, the end.</summary>
    public static ImmutableArray<JobEvent> Life { get; } =
    [
        Birth("interaction-1"),
        new ApprovalAsked(At(1), "start", "May I?", ["role:dba"], 1, At(600), "sha256:ab"),
        new ApprovalGiven(At(2), "start", Ben),
        new Began(At(3)),
        new LeaseTaken(At(4), "alpha", 1),
        new NodeHeld(At(5), "alpha-a-1", Drain),
        new StepStarted(At(6), Drain, 1, At(300)),
        new StepFailed(At(7), Drain, 1, true, "no route", At(8)),
        new StepStarted(At(8), Drain, 2, At(300)),
        new StepFailed(At(9), Drain, 2, false, "exit 1", null),
        new Halted(At(10), Drain, false, "exit 1", "alpha-a-1 may be down"),
        new HaltAcknowledged(At(11), Ana),
        new RetryAsked(At(12), Ana, true),
        new StepStarted(At(13), Drain, 3, At(400)),
        new StepInterrupted(At(14), Drain, 3, "host stopping"),
        new HostResumed(At(15), TimeSpan.FromSeconds(9)),
        new StepStarted(At(16), Drain, 3, At(400)),
        new PauseAsked(At(17), Ana),
        new StepSucceeded(At(18), Drain, 3),
        new NodeReleased(At(19), "alpha-a-1", ReleaseReason.Done),
        new PauseReached(At(20)),
        new Resumed(At(21), Ana),
        new ApprovalAsked(At(22), "2", "Repair?", [], 1, At(900), "sha256:ab"),
        new ApprovalExpired(At(23), "2"),
        new PlanDrifted(At(24), "alpha-a-2 is new"),
        new PlanDrifted(At(24), "alpha-a-3 is gone") { Gone = ["alpha-a-3"], Now = Meant },
        new StepStarted(At(25), Repair, 1, null),
        new StepFailed(At(26), Repair, 1, false, "gone", null),
        new StepSkipped(At(27), Repair, "on_failure: continue"),
        new AlwaysStarted(At(28)),
        new LeaseReleased(At(29), "alpha", 1),
        new Ended(At(30), JobOutcome.Succeeded, ""),
    ];

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    /// <param name="seconds">After <see cref="Start"/>.</param>
    public static Created Birth(string request, string cluster = "alpha", double seconds = 0) => new(
        At(seconds), request, "rolling-restart", "name: rolling-restart\n# ünïcode & <tags>\n",
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("b", "2"), KeyValuePair.Create("A", "1")]),
        cluster, Ana, [new TargetNode($"{cluster}-a-1", "127.0.1.1", new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "dc1", "a", "2025.1.4")],
        "sha256:ab", "kernel update", $"Rolling restart of {cluster}", "ops");
}
