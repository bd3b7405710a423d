using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    public async Task<Outcome> TakeOverAsync(Actor by, string what, string reason, CancellationToken ct)
    {
        if (!by.May(Rights.Operate))
        {
            return Forbidden("You may not do that: it needs the operator right.");
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return Refused("Give a reason: it stands on the card as long as you work by hand.");
        }

        if (inventory.Current.Find(what) is not { } cluster)
        {
            return await TakeOverAsync(by, new JobId(what), reason);
        }

        if (await engine.Footprints.WhyReadOnlyAsync(cluster, ct) is { } readOnly)
        {
            return Refused(readOnly);
        }

        var lease = await ports.Store.LeaseAsync(cluster.Name, ct);
        return lease?.Job is { } holder ? await TakeOverAsync(by, holder, reason) : await LeaseByHandAsync(by, cluster, (lease?.Epoch ?? 0) + 1, reason, ct);
    }

    public async Task<ImmutableArray<HandCompared>?> CompareAsync(JobId job, CancellationToken ct) =>
        engine.Find(job) is { Job.Pause: { Cause: PauseCause.ByHand, IsHandsOff: true } } run
            ? await run.Mailbox.PostAsync(() => ComparedAsync(run)) : null;

    public async Task<Outcome> HandBackAsync(
        Actor by, JobId job, ImmutableSortedDictionary<string, string> nodes, string? others, CancellationToken ct)
    {
        if (!by.May(Rights.Operate))
        {
            return Forbidden("You may not do that: it needs the operator right.");
        }

        if (engine.Find(job) is not { } run)
        {
            return await DoAsync(by, job, Rights.Operate, (_, _) => No("There is nothing to hand back."));
        }

        if (HandbackRules.WhyNot(run.Job, ports.Fleet) is { } no)
        {
            return Refused(no);
        }

        var compared = await run.Mailbox.PostAsync(() => ComparedAsync(run));
        var snapshot = await run.Bound.Watch.ReadAsync(TimeSpan.FromSeconds(5), ct);
        var (choices, wrong) = HandbackRules.Choices(by, run.Job, compared, nodes, others, snapshot, IsOwnOnProduction(by, run.Job));
        if (wrong is not null)
        {
            return wrong;
        }

        var again = await planner.PlanAsync(by, HandbackRules.Anew(run), run.Job.Birth.WorkflowText, isForShow: false, ct);
        if (again is not PlanOutcome.Ready ready)
        {
            return Refused("It can not be planned anew now. Mend what is said here and hand back again, or end the job (/scp abort):\n"
                + string.Join("\n", ((PlanOutcome.Refused)again).Why));
        }

        var lease = await ports.Store.LeaseAsync(run.Job.Cluster, ct);
        return await DoAsync(by, job, Rights.Operate, (j, now) => HandbackRules.WhyNot(j, ports.Fleet) is { } late ? No(late)
            : j.LeaseEpoch > 0 ? Yes(HandbackRules.Said(choices), HandBack(now))
            : lease?.Job is { } holder ? No($"{j.Cluster} is leased to job {holder} by now: wait for it, or end this one (/scp abort).")
            : Yes(HandbackRules.Said(choices), engine.LeaseOf(j.Class, run.Bound.Cluster, now, (lease?.Epoch ?? 0) + 1), HandBack(now)));

        HandedBack HandBack(DateTimeOffset now) => new(now, by.Person, NewHash(ready.Plan.Hash, run.Job, choices), choices) { Meant = ready.Plan.Meant };
    }

    private static async Task<ImmutableArray<HandCompared>> ComparedAsync(JobRun run) => HandbackRules.Compare(run, await HandLook.AllAsync(run));

    /// <summary>Another plan even when nothing that a plan names has changed: what was approved before was not this.</summary>
    private static string NewHash(string planned, Job job, ImmutableSortedDictionary<string, string> choices) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{planned}\n{job.PlanHash}\n{job.Sequence}\n{string.Join('\n', choices.Select(c => $"{c.Key}={c.Value}"))}")));

    private Task<Outcome> TakeOverAsync(Actor by, JobId job, string reason) => DoAsync(by, job, Rights.Operate, (j, now) => j switch
    {
        { IsOpen: false } => No($"Job {job} has ended."),
        { IsUnlocked: true } => No("Its lease was taken away, so nothing of it runs: take the cluster over instead."),
        { Pause.Cause: PauseCause.ByHand } => No($"{j.Pause.By.Name} works on it by hand already."),
        { State: JobState.Waiting } => No("It has not begun: abort it, then take the cluster over."),
        { State: JobState.Aborting } => No("It is aborting; wait until its nodes are up, or unlock it."),
        { LeaseEpoch: 0 } => No($"It has given {j.Cluster} to another job: take that one over."),
        _ => Yes(
            "It goes to its safe point and then leaves everything to you, until /scp handback. You are reminded every hour.",
            new TakenOver(now, by.Person, Cut(reason))),
    });

    /// <summary>A cluster without a job: a job of its own whose one step, once handed back, waits until everyone sees everyone.</summary>
    private async Task<Outcome> LeaseByHandAsync(Actor by, Cluster cluster, long epoch, string reason, CancellationToken ct)
    {
        if (await ports.Store.FindByRequestAsync(by.InteractionId, CancellationToken.None) is { } already)
        {
            return new Outcome.Done(already, $"This command already took {cluster.Name} over as job {already}.");
        }

        // A machine that waits to join is nothing that could be handed back; where nobody tells the ring, everybody is meant.
        var told = await ClusterAsync(cluster.Name, ct) ?? cluster;
        var now = ports.Time.GetUtcNow();
        ImmutableArray<TargetNode> targets =
            [.. (told.IsUnborn ? told.Nodes : told.Members).Select(n => new TargetNode(n.Name, n.Address, n.HostId, n.Zone.Datacenter, n.Zone.Rack, "unknown") { FailureDomain = n.FailureDomain })];
        var created = new Created(
            now, by.InteractionId, HandbackRules.ByHand, HandbackRules.ByHandText, ImmutableSortedDictionary<string, string>.Empty, cluster.Name, by.Person,
            targets, HandbackRules.ByHand, Cut(reason), "Work by hand", by.Channel);
        var lease = engine.LeaseOf(LeaseClass.Disruptive, cluster, now, epoch) with { Cap = null };
        return await AppendNewAsync(
            JobIds.New(now, ports.Random), [created, lease, new Began(now), new TakenOver(now, by.Person, Cut(reason))],
            $"{cluster.Name} is yours until /scp handback; no job starts there. You are reminded every hour.");
    }
}
