using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>What every surface calls. Each verb checks rights and state, appends in the job's own mailbox and answers; none runs a task.</summary>
public sealed partial class JobControl(
    JobEngine engine, Planner planner, JobPorts ports, ApprovalPolicy policy, JobChoices choices, InventoryBook inventory) : IJobControl
{
    public Inventory Inventory => inventory.Current;

    public IJobChoices Choices => choices;

    public Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, CancellationToken ct) => by.May(Rights.Read)
        ? WarnedAsync(planner.PlanAsync(by, request, ct), ct) : NoReader();

    public Task<PlanOutcome> PlanTaskAsync(Actor by, TaskRequest request, CancellationToken ct) => by.May(Rights.Read)
        ? WarnedAsync(planner.PlanTaskAsync(by, request, ct), ct) : NoReader();

    public async Task<Outcome> StartAsync(Actor by, Plan plan, CancellationToken ct)
    {
        if (!by.May(Rights.Operate))
        {
            return Forbidden("You may not start jobs: that needs the operator right.");
        }

        if (await ports.Store.FindByRequestAsync(plan.Request.RequestId, ct) is { } already)
        {
            return new Outcome.Done(already, $"This command already started job {already}.");
        }

        if (plan.WhyNoStart is { } never)
        {
            return Refused(never);
        }

        if (ports.Fleet.Halt is { } halt && !UnderRules.OnlyBringsUp(plan))
        {
            return Refused(halt.Sentence);
        }

        if (await WhyReadOnlyAsync(plan, ct) is { } readOnly)
        {
            return Refused(readOnly);
        }

        if (plan.Cluster.Environment == ClusterEnvironment.Production && string.IsNullOrWhiteSpace(plan.Request.Reason))
        {
            return Refused($"{plan.Cluster.Name} is production: give a reason.");
        }

        var again = await planner.PlanAsync(by, plan.Request, plan.WorkflowText, isForShow: false, ct);
        return again switch
        {
            PlanOutcome.Refused refused => Refused(string.Join("\n", refused.Why)),
            PlanOutcome.Ready { Plan.WhyNoStart: { } since } => Refused(since),
            PlanOutcome.Ready ready when ready.Plan.Hash != plan.Hash => Refused("What you were shown is no longer what would happen (the plan's hash changed). Nothing was started; run the command again."),
            PlanOutcome.Ready ready => await CreateAsync(by, ready.Plan, ct),
            _ => throw new InvalidOperationException($"unknown plan outcome {again}"),
        };
    }

    public Task<Outcome> PauseAsync(Actor by, JobId job, CancellationToken ct) => DoAsync(by, job, Rights.Read, (j, now) => j.State switch
    {
        JobState.Running or JobState.Holding => Yes("It pauses at the next safe point: held nodes finish their own steps first.", new PauseAsked(now, by.Person)),
        JobState.Pausing or JobState.Paused => No("It is already pausing or paused."),
        _ => No($"It is {Word(j.State)}; only a running or holding job can be paused."),
    });

    public Task<Outcome> ResumeAsync(Actor by, JobId job, CancellationToken ct) => DoCheckedAsync(by, job, Rights.Operate, (j, now) => j.State switch
    {
        _ when WhyNoResume(j) is { } no => No(no),
        JobState.Paused or JobState.Pausing => ApprovalRules.GoOn(j, by, now),
        JobState.Holding => No("It is holding and goes on by itself once everyone's view has been in order for a while; /scp why says what is wrong."),
        JobState.Halted => No("It is halted: use retry, bring node up, skip or abort."),
        _ => No($"It is {Word(j.State)}; there is nothing to resume."),
    }, ct);

    public Task<Outcome> RetryAsync(Actor by, JobId job, bool extend, CancellationToken ct) => DoCheckedAsync(by, job, Rights.Operate, (j, now) => j.State switch
    {
        JobState.Halted when WhyNoGoOn(j) is { } no => No(no),
        JobState.Halted when j is { Abort: null, BroughtUp.IsEmpty: false } =>
            Yes($"It tries again; {string.Join(", ", j.BroughtUp.Keys)} was brought up since, so its steps begin anew.", new RetryAsked(now, by.Person, extend)),
        JobState.Halted => Yes(extend ? "It waits longer." : "It tries again.", new RetryAsked(now, by.Person, extend)),
        _ => No($"It is {Word(j.State)}; only a halted job can be retried."),
    }, ct);

    public Task<Outcome> SkipAsync(Actor by, JobId job, string? node, CancellationToken ct) => DoCheckedAsync(by, job, Rights.Approve, (j, now) =>
    {
        var name = Skipped(j, node);
        return name switch
        {
            { } gone when j.State == JobState.Paused && j.Gone.Contains(gone) => Drop(by, j, gone, now),
            _ when j.State != JobState.Halted => No($"It is {Word(j.State)}; only a halted job can skip a node."),
            _ when WhyNoGoOn(j) is { } no => No(no),
            null => No("Name the node to skip: the halt is not about one."),
            _ when j.AllNodes().All(t => t.Name != name) => No($"{name} is not a target of this job."),
            _ when j.Held.ContainsKey(name) => No($"{name} is down by us and can not be skipped (R4): bring it up first."),
            _ when IsOwnOnProduction(by, j) => NotYou("On production another approver must skip a node of your job (R21)."),
            // Only a retry agrees to other tasks or begins to pay, and whoever left the ring is dropped first (R27).
            _ when j.Halt is { Tasks: not null } || j.Halt?.Key == Job.DebtsKey || IsAnotherGone(j, name) => Yes($"{name} is skipped. It stays halted: retry goes on.", Skip(name)),
            _ => Yes($"{name} is skipped.", Skip(name), new RetryAsked(now, by.Person, false)),
        };

        NodeSkipped Skip(string skipped) => new(now, skipped, by.Person, $"skipped by {by.Person.Name}");
    }, ct, engine.Find(job) is { } run ? Skipped(run.Job, node) : node);

    private static bool IsAnotherGone(Job job, string name) =>
        job.Gone.Any(n => n != name && job.Birth.Targets.Any(t => t.Name == n) && !job.SkippedNodes.ContainsKey(n));

    private static string? Skipped(Job job, string? node) => node ?? job.Halt?.Key?.Node ?? job.Gone.FirstOrDefault();

    public Task<Outcome> AbortAsync(Actor by, JobId job, bool now, CancellationToken ct) => DoAsync(by, job, Rights.Operate, (j, at) => j.State switch
    {
        _ when j.IsUnlocked => EndUnlocked(by, j, at),
        not JobState.Ended when j.Pause is { Cause: PauseCause.ByHand } hand && hand.By.Id != by.Person.Id =>
            NotYou($"{hand.By.Name} works on it by hand: they end it, or hand it back; an approver may take its lease away (/scp unlock)."),
        JobState.Aborting when !now || j.Abort is { Now: true } => No("It is already aborting."),
        JobState.Ended => No("It has ended."),
        _ => Yes(
            now ? "It stops now; nodes that are down by us are brought up, then it ends." : "No further node starts; nodes that are down by us finish or are brought up, then it ends.",
            new AbortAsked(at, by.Person, now)),
    }, evenStuck: true);

    public Task<Outcome> RestoreAsync(Actor by, JobId job, string? node, CancellationToken ct) => DoAsync(by, job, Rights.Operate, (j, now) =>
    {
        var names = node is null ? j.Held.Keys.ToArray() : [node];
        return j.State != JobState.Halted ? No($"It is {Word(j.State)}; nodes are brought up by hand only while it is halted.")
            : names.Length == 0 ? No("No node is down by this job.")
            : names.FirstOrDefault(n => !j.Held.ContainsKey(n)) is { } free ? No($"{free} is not down by this job.")
            : names.FirstOrDefault(j.Restoring.Contains) is { } busy ? No($"{busy} is already being brought up.")
            : Yes($"Bringing up {string.Join(", ", names)}.", [.. names.Select(n => new RestoreAsked(now, by.Person, n))]);
    });

    public Task<Outcome> AcknowledgeAsync(Actor by, JobId job, CancellationToken ct) => DoAsync(by, job, Rights.Read, (j, now) => j switch
    {
        { State: not JobState.Halted } => No($"It is {Word(j.State)}; there is no halt to acknowledge."),
        { HaltIsAcknowledged: true } => No("It is already acknowledged."),
        _ => Yes("Acknowledged.", new HaltAcknowledged(now, by.Person)),
    });

    public Task<Outcome> AnswerAsync(Actor by, JobId job, string? key, string answer, CancellationToken ct) =>
        DoAsync(by, job, Rights.Operate, (j, now) => AnswerRules.Decide(by, j, key, answer, now));

    public Task AuditAsync(Actor by, string said, string decision, CancellationToken ct) => ports.Store.AppendAsync(
        StreamId.Bot, -1, 0,
        [new Audited(ports.Time.GetUtcNow(), by.Person, by.InteractionId, by.Channel, Bounded(said), Bounded(decision))], [], ct);

    internal static Verdict Yes(string message, params JobEvent[] events) => new(message, [.. events]);

    internal static Verdict No(string message) => new(message, []);

    internal static string Word(JobState state) => state switch
    {
        JobState.Waiting => "waiting for approval",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static string Bounded(string text) => Shortened.To(text, 1000);

    private async Task<Outcome> CreateAsync(Actor by, Plan plan, CancellationToken ct)
    {
        var now = ports.Time.GetUtcNow();
        var id = JobIds.New(now, ports.Random);
        var lease = await ports.Store.LeaseAsync(plan.Cluster.Name, ct);
        if (await UnderAsync(by, plan, lease) is { } under)
        {
            return under;
        }

        var beside = BesideStuck(plan, lease);
        var (leased, busy) = beside is null ? LeaseFor(plan, lease, now) : (null, "");
        if (leased is null && beside is null)
        {
            return Refused(busy);
        }

        var created = new Created(
            now, plan.Request.RequestId, plan.Request.Workflow, plan.WorkflowText, plan.Variables, plan.Cluster.Name, by.Person,
            plan.Targets, plan.Hash, plan.Request.Reason, plan.Title, by.Channel)
        {
            Identities = IdentitiesOf(plan), Scope = plan.Scope.IsEmpty ? null : plan.Scope, Meant = plan.Meant, Tasks = plan.Tasks, BesideEpoch = beside,
        };
        var needed = plan.Start.Count;
        JobEvent? next = needed > 0 ? ApprovalRules.Start(plan, policy, now) : leased is LeaseTaken or null ? new Began(now) : null;
        return await AppendNewAsync(id, [created, .. leased is null ? [] : (JobEvent[])[leased], .. next is null ? [] : (JobEvent[])[next]], busy + (needed == 0 ? "" : $" It waits for {needed} approval{(needed == 1 ? "" : "s")}."));
    }

    private async Task<Outcome> AppendNewAsync(JobId id, ImmutableArray<JobEvent> events, string said)
    {
        var (job, outbox) = ports.Fold(id, null, events, null);
        var outcome = await ports.Store.AppendAsync(StreamId.Of(id), 0, job.LeaseEpoch, [.. events], outbox, CancellationToken.None);
        switch (outcome)
        {
            case AppendOutcome.Conflict { Other: not null } conflict:
                return Refused($"{Capital(conflict.Why)}. Nothing was started.");
            case AppendOutcome.Appended:
                await engine.StartAsync(job, events);
                return new Outcome.Done(id, said.Length == 0 ? $"Job {id} runs." : $"Job {id}: {said.Trim()}");
            default:
                return Refused($"The job could not be recorded: {outcome}. Nothing was started.");
        }
    }

    private async Task<Outcome> DoAsync(Actor by, JobId job, Rights right, Func<Job, DateTimeOffset, Verdict> decide, bool evenStuck = false)
    {
        if (!by.May(right))
        {
            return Forbidden($"You may not do that: it needs the {right switch { Rights.Read => "reader", Rights.Operate => "operator", _ => "approver" }} right.");
        }

        if (engine.Find(job) is not { } run)
        {
            if (engine.WhyStuck(job) is { } why)
            {
                return evenStuck && await DoStuckAsync(job, decide) is { } done ? done : Refused($"Job {job} is open but can not go on here: {why}. Mend that, then start the bot again: it takes the job up.");
            }

            return Refused(await ShowAsync(job, CancellationToken.None) is { Job.IsOpen: false } ended
                ? $"Job {job} has ended: {ended.Job.End!.Outcome.ToString().ToLowerInvariant()}." : $"There is no open job {job}. /scp jobs lists them.");
        }

        try
        {
            return await run.Mailbox.PostAsync(async () =>
            {
                Verdict? verdict = null;
                await run.AppendAsync(j => (verdict = decide(j, ports.Time.GetUtcNow())).Events);
                return Said(job, verdict!);
            });
        }
        catch (LeaseBusyException busy)
        {
            return Refused($"{Capital(busy.Message)}. Nothing was changed.");
        }
        catch (JobLostException)
        {
            return Refused($"Job {job} could not be written just now. Whether that counted is unknown: look at /scp job job:{job} and ask again.");
        }
    }
}
