using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    private const int LongestReason = 300;

    public FleetHalt? FleetHalt => ports.Fleet.Halt;

    public async Task<Outcome> HaltAllAsync(Actor by, string reason, CancellationToken ct)
    {
        if (!by.May(Rights.Read))
        {
            return Forbidden("You may not do that: it needs the reader right.");
        }

        return await engine.HaltAllAsync(by.Person, reason, byFile: false, ct)
            ? new Outcome.Done(default, "Everything is halted: no node starts and no job; held nodes finish their own steps. An approver lifts it with /scp halt-all lift:true.")
            : Refused(ports.Fleet.Halt!.Sentence);
    }

    public async Task<Outcome> LiftAsync(Actor by, CancellationToken ct)
    {
        var own = engine.Runs.Select(r => r.Job).FirstOrDefault(j => j.IsOpen && IsOwnOnProduction(by, j));
        switch (by)
        {
            case var _ when !by.May(Rights.Approve):
                return Forbidden("You may not do that: it needs the approver right.");
            case var _ when !ports.Fleet.IsHalted:
                return Refused("Nothing is halted.");
            case var _ when ports.Fleet.FileIsThere:
                return Refused("The file HALT lies beside the database: remove it first.");
            case var _ when own is not null:
                return Forbidden($"It holds your job {own.Id} on production: another approver must lift it (R21).");
            default:
                await engine.LiftAsync(by.Person, ct);
                return new Outcome.Done(default, "Lifted: what was paused by it goes on by itself; everything else may be pressed again.");
        }
    }

    public Task<Outcome> UnlockAsync(Actor by, JobId job, string reason, CancellationToken ct) => DoAsync(by, job, Rights.Approve, (j, now) => j switch
    {
        { IsOpen: false } => No($"Job {job} has ended."),
        _ when string.IsNullOrWhiteSpace(reason) => No("Give a reason."),
        _ when j.IsOwnedBy(by.Person) => NotYou("It is your job: another approver must take its lease away (R21)."),
        { LeaseEpoch: 0 } => No($"Job {job} holds no lease."),
        _ => Yes(
            $"{j.Cluster} is free. Nodes refuse what job {job} still sends; it may only be ended (/scp abort) or planned anew (/scp handback).{StillDown(j)}",
            new Unlocked(now, by.Person, Cut(reason), j.Cluster, j.LeaseEpoch + 1)),
    }, evenStuck: true);

    public Task<Outcome> HandOverAsync(Actor by, JobId job, Person to, Rights theirs, CancellationToken ct) => DoAsync(by, job, Rights.Operate, (j, now) => j switch
    {
        { IsOpen: false } => No($"Job {job} has ended."),
        _ when j.Owner.Id == to.Id => No($"{to.Name} owns it already."),
        _ when j.Owner.Id != by.Person.Id && !by.May(Rights.Approve) => NotYou("Only its owner or an approver hands a job over."),
        _ when (theirs & Rights.Operate) == Rights.None => No($"{to.Name} has no operator right and could do nothing with it."),
        _ => Yes($"{to.Name} owns it from now on and is called for it. Neither of you approves it.", new OwnerChanged(now, by.Person, to)),
    }, evenStuck: true);

    public Task<Outcome> TuneAsync(Actor by, JobId job, int? limit, int? stopAfter, CancellationToken ct) => DoAsync(by, job, Rights.Operate, (j, now) =>
    {
        var planned = engine.Find(job) is { } run ? TuneVote.PlannedLimit(run) : 1;
        var most = j.Birth.Targets.Length;
        return (limit, stopAfter) switch
        {
            (null, null) => No("Say limit or stop_after."),
            _ when j.Tuning == new JobTuning(limit ?? j.Tuning?.Limit, stopAfter ?? j.Tuning?.StopAfter) => No("It is so already."),
            ( < 1, _) or (_, < 0) => No("limit is at least 1; stop_after at least 1, or 0 for as planned."),
            _ when limit > planned => No($"{limit} at once is more than was planned and approved: {planned}."),
            _ when stopAfter > most => No($"{stopAfter} nodes is more than was planned and approved: {most}."),
            _ when j.State is JobState.Aborting or JobState.Ended => No($"It is {Word(j.State)}."),
            _ => Yes($"From the next choice of a node on: {Words(limit, stopAfter)}.", new Tuned(now, by.Person, limit, stopAfter)),
        };
    });

    private static string Words(int? limit, int? stopAfter) => string.Join(", ",
        new[] { limit is { } n ? $"at most {n} at once" : null, stopAfter is { } stop ? (stop == 0 ? "all nodes as planned" : $"no further node after {stop}") : null }.OfType<string>());

    private static string Cut(string reason) => Shortened.To(reason.Trim(), LongestReason);

    private static string Capital(string sentence) => sentence.Length == 0 ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string StillDown(Job job) => job.Held.IsEmpty ? "" : $" Still down by it: {string.Join(", ", job.Held.Keys)}; bring them up with /scp node-task.";

    private static Verdict EndUnlocked(Actor by, Job job, DateTimeOffset at) => job.State == JobState.Ended ? No("It has ended.") : Yes(
        $"Ended; nothing more is done by it.{StillDown(job)}",
        [.. job.Unders.Values.Where(u => u.IsOpen).Select(u => new UnderEnded(at, u.Asked.Number, "the job was ended after its lease had been taken away")),
        new AbortAsked(at, by.Person, false), new Ended(at, JobOutcome.Aborted, $"ended by {by.Person.Name} after its lease had been taken away")]);

    private bool IsOwnOnProduction(Actor by, Job job) =>
        job.IsOwnedBy(by.Person) && inventory.Current.Find(job.Cluster)?.Environment == ClusterEnvironment.Production;

    private string? WhyNoResume(Job job) => job switch
    {
        { State: not (JobState.Paused or JobState.Pausing) } => null,
        { IsUnlocked: true } => "Its lease was taken away: end it (/scp abort) or plan it anew (/scp handback).",
        { Pause.Cause: PauseCause.ByHand } => "It is worked on by hand: /scp handback goes on.",
        { Pause: { Cause: PauseCause.Yield, For: { } other } } => $"It has given the cluster to job {other} and goes on by itself when that has ended.",
        { LeaseEpoch: 0 } => $"It does not hold the lease of {job.Cluster} now.",
        _ => ports.Fleet.WhyStill(job.Cluster),
    };

    /// <summary>A retry and a skip let the job go on: neither without its lease, nor under the hands of whoever took it over.</summary>
    private string? WhyNoGoOn(Job job) => job switch
    {
        { Abort: not null } => null,
        { IsUnlocked: true } => "Its lease was taken away: end it (/scp abort) or plan it anew (/scp handback).",
        { Pause: { Cause: PauseCause.ByHand } hand } => $"It was taken over by {hand.By.Name}: /scp handback goes on.",
        { LeaseEpoch: 0 } => $"It does not hold the lease of {job.Cluster} now.",
        _ => ports.Fleet.WhyStill(job.Cluster),
    };

    /// <returns>The event that takes the lease, or waits for it; none and the reason, in a sentence. For a wait the sentence says for whom.</returns>
    private (JobEvent? Event, string Said) LeaseFor(Plan plan, Lease? lease, DateTimeOffset now)
    {
        if (lease is not { Job: { } holder })
        {
            return (engine.LeaseOf(plan.Class, plan.Cluster, now, (lease?.Epoch ?? 0) + 1), "");
        }

        var other = engine.Find(holder)?.Job;
        if (other?.Pause is { Cause: PauseCause.ByHand } hand)
        {
            return (null, $"{plan.Cluster.Name} is worked on by hand by {hand.By.Name} under job {holder}{(hand.Why.Length > 0 ? $": {hand.Why}" : "")}. Nothing starts until it is handed back.");
        }

        if (other is not { Class: LeaseClass.Background } || plan.Class == LeaseClass.Background)
        {
            return (null, $"{plan.Cluster.Name} is leased to job {holder}: one disruptive job at a time. Wait for it, or look at /scp job job:{holder}.");
        }

        return engine.Runs.Select(r => r.Job).FirstOrDefault(j => j is { IsOpen: true, AwaitsLease: true } && j.Cluster == plan.Cluster.Name) is { } first
            ? (null, $"{plan.Cluster.Name} is leased to job {holder}, and job {first.Id} waits for it already.")
            : (new LeaseAwaited(now, holder.Value, plan.Class), $"Once it may begin it waits until job {holder} ({other.Birth.Title}) has finished its present unit and gives {plan.Cluster.Name} up.");
    }

    /// <summary>R4: the job that has the cluster is not at work here and can not be asked; what brings a node up runs beside it, fenced as it is.</summary>
    /// <returns>The epoch of that lease; null: the lease is asked for as ever.</returns>
    private long? BesideStuck(Plan plan, Lease? lease) => ports.Fleet.ReadOnly(plan.Cluster.Name) is { } found && UnderRules.OnlyBringsUp(plan) ? Math.Max(found.Epoch, lease?.Epoch ?? 0) :
        plan.Request.Under is null && lease is { Job: { } holder } && engine.WhyStuck(holder) is not null && UnderRules.OnlyBringsUp(plan) ? lease.Epoch : null;

    /// <summary>R18, R4.</summary>
    /// <returns>Null: it is to be a job of its own.</returns>
    private async Task<Outcome?> UnderAsync(Actor by, Plan plan, Lease? lease)
    {
        if (BesideStuck(plan, lease) is not null)
        {
            // The holder may be at work all the same: it halted when something was found (R13), and ends what it holds. A lost run is at work no more.
            return lease?.Job is { } live && engine.Find(live) is { Loss: null } run && UnderRules.Busy(run.Job, plan, p => StepOf(run, p)) is { } busy ? Refused(busy) : null;
        }

        var holder = plan.Request.Under ?? (UnderRules.OnlyBringsUp(plan) ? lease?.Job : null);
        return holder is { } job ? await DoAsync(by, job, Rights.Operate, (j, now) => UnderRules.Decide(by, j, plan, StepAt, now)) : null;

        (string Title, Risk Risk)? StepAt(string path) => engine.Find(holder.Value) is { } run ? StepOf(run, path) : null;

        static (string Title, Risk Risk)? StepOf(JobRun run, string path) => JobPaths.StepAt(run.Bound.Workflow, path) is { } step ? (step.Title, step.Tag.Risk) : null;
    }

    /// <summary>A job that can not go on here may still be unlocked, handed over and, once unlocked, ended.</summary>
    private async Task<Outcome?> DoStuckAsync(JobId id, Func<Job, DateTimeOffset, Verdict> decide)
    {
        Job job;
        try
        {
            job = Job.From(id, (await ports.Store.ReadAsync(StreamId.Of(id), 0, CancellationToken.None)).Select(e => (JobEvent)e.Event));
        }
        catch (Exception unreadable) when (unreadable is UnreadableEventException or IllegalTransitionException)
        {
            return null;
        }

        var verdict = decide(job, ports.Time.GetUtcNow());
        if (verdict.Events.IsEmpty)
        {
            return Said(id, verdict);
        }

        if (verdict.Events.Any(e => e is AbortAsked) && !job.IsUnlocked)
        {
            return null;
        }

        var (after, outbox) = ports.Fold(id, job, verdict.Events, null);
        var outcome = await ports.Store.AppendAsync(
            StreamId.Of(id), job.Sequence, job.LeaseEpoch, [.. verdict.Events], outbox, CancellationToken.None);
        if (outcome is not AppendOutcome.Appended)
        {
            return Refused($"It could not be recorded: {outcome}.");
        }

        if (!after.IsOpen)
        {
            engine.ForgetStuck(id);
        }

        engine.WakeWaiting();
        foreach (var reader in ports.Readers)
        {
            reader.Committed(after, verdict.Events);
        }

        return new Outcome.Done(id, verdict.Message);
    }
}
