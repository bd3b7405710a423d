namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Folds a whole journal.</summary>
    /// <exception cref="IllegalTransitionException">It could not have happened.</exception>
    public static Job From(JobId id, IEnumerable<JobEvent> journal)
    {
        Job? job = null;
        foreach (var e in journal)
        {
            job = job is null ? Begin(id, e) : job.Apply(e);
        }

        return job ?? throw new IllegalTransitionException($"job {id} has an empty journal");
    }

    /// <summary>The first event of every journal.</summary>
    public static Job Begin(JobId id, JobEvent first) => first is Created created
        ? new Job { Id = id, Birth = created, State = JobState.Waiting, Sequence = 1, Updated = created.At }
        : throw new IllegalTransitionException($"job {id} begins with {first.GetType().Name}, not Created");

    /// <summary>The job after one more event.</summary>
    /// <exception cref="IllegalTransitionException">The event is illegal in this state.</exception>
    public Job Apply(JobEvent e)
    {
        var state = JobTransitions.After(State, e)
            ?? throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is illegal while {State}");
        if (e is RetryAsked && Abort is not null)
        {
            // What failed was the way out: the retry is of that, and no further node starts.
            state = JobState.Aborting;
        }

        var after = Fold(e);
        return after with
        {
            State = state, Sequence = Sequence + 1, Updated = e.At, Hold = state == JobState.Holding ? after.Hold : null,

            // A halt on the way to a takeover's safe point does not end the takeover.
            Pause = state is JobState.Pausing or JobState.Paused || (state == JobState.Halted && after.Pause is { Cause: PauseCause.ByHand }) ? after.Pause : null,
        };
    }

    private Job Fold(JobEvent e) => e switch
    {
        StepStarted or StepSucceeded or StepFailed or StepInterrupted or StepSkipped or StepPassedOver or UnitBegun or UnitDone => FoldStep(e),
        ApprovalAsked or ApprovalGiven or ApprovalRefused or ApprovalExpired => FoldApproval(e),
        LeaseTaken or LeaseReleased or LeaseAwaited or Unlocked or OwnerChanged or Tuned => FoldLease(e),
        TakenOver or HandsOff or HandReminded or HandedBack => FoldHand(e),
        UnderAsked or UnderStarted or UnderEnded => FoldUnder(e),
        PauseAsked x => this with { Pause = AskedPause(x) },
        NodeHeld x => this with { Held = Held.SetItem(x.Node, new HeldNode(x.Node, x.At, x.Key)), SeenWell = SeenWell.Remove(x.Node) },
        NodeReleased x => NextRound(x.Node) with
        {
            Held = Held.Remove(x.Node), Restoring = Restoring.Remove(x.Node), DownLong = DownLong.Remove(x.Node),
            BroughtUp = x.Anew is { } from ? BroughtUp.SetItem(x.Node, from) : BroughtUp.Remove(x.Node),
        },
        NodeSkipped or NodesChosen or NodePassedOver => FoldRollout(e),
        NodeJoined x => this with { Joined = Joined.SetItem(x.Node, x.HostId) },
        Halted x => this with { Halt = x, HaltIsAcknowledged = false, LastCall = null, Restoring = x.Key?.Node is { } node ? Restoring.Remove(node) : Restoring },
        HaltAcknowledged => this with { HaltIsAcknowledged = true },
        RetryAsked x => FoldRetry(x),
        RestoreAsked x => NextRound(x.Node) with { Restoring = Restoring.Add(x.Node) },
        Announced x => this with { Announcements = Announcements.Add(x.Key) },
        AbortAsked x => FoldAbort(x),
        PlanDrifted x => FoldDrift(x),
        ApprovedAhead x => FoldAhead(x),
        GlassBroken x => FoldGlass(x),
        AlwaysStarted => this with { IsFinishing = true },
        Ended x => this with { End = x, Halt = null },
        Resumed x => Trusting().WithoutLapsed() with { Steps = WithPatience(x.At, s => s.Status == StepStatus.Interrupted) },
        JobHeld or HoldPinged or HoldLifted => FoldHold(e),
        ViewSeen x => this with { View = x },
        NodesSeenWell x => this with { SeenWell = SeenWell.SetItems(x.Generations) },
        BaselineTaken or QuestionAsked or QuestionAnswered => FoldKnown(e),
        DebtOpened or DebtPaid => FoldDebt(e),
        HaltCalled or NodeDownLong => FoldCall(e),
        Began => this with { HasBegun = true },
        Created or PauseReached or HostResumed => this,
        _ => throw new IllegalTransitionException($"job {Id}: unknown event {e.GetType().Name}"),
    };

    private Job NextRound(string node) => this with { RestoreRounds = RestoreRounds.SetItem(node, RestoreRounds.GetValueOrDefault(node) + 1) };

    private StepState? Step(string key) => Steps.FirstOrDefault(s => string.Equals(s.Key.ToString(), key, StringComparison.Ordinal)).Value;

    private Job FoldStep(JobEvent e)
    {
        var (key, next) = e switch
        {
            StepStarted x => (x.Key, Started(x)),
            StepSucceeded x => (x.Key, In(StepStatus.Started, x.Key, e) with { Status = StepStatus.Succeeded, RetryAt = null, Why = null, Units = StepState.NoUnits, Unit = null }),
            UnitBegun x => (x.Key, In(StepStatus.Started, x.Key, e) with { Unit = x.Unit, UnitBegun = x.At }),
            UnitDone x => (x.Key, FoldUnit(In(StepStatus.Started, x.Key, e), x)),
            StepFailed x => (x.Key, Failed(x)),
            StepInterrupted x => (x.Key, Interrupted(x)),
            StepPassedOver x => (x.Key, PassedOverStep(x)),
            StepSkipped x => (x.Key, In(StepStatus.Failed, x.Key, e) with { Status = StepStatus.Skipped, Why = x.Why }),
            _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is no step event"),
        };
        return this with { Steps = Steps.SetItem(key, next with { Updated = e.At }) };
    }

    private StepState Started(StepStarted x)
    {
        var before = Step(x.Key);
        var expected = before switch
        {
            null => 1,
            { Status: StepStatus.Failed } => before.Attempt + 1,
            { Status: StepStatus.Succeeded or StepStatus.Skipped } =>
                throw new IllegalTransitionException($"job {Id}: step {x.Key} started after it was {before.Status}"),
            _ => before.Attempt,
        };
        if (x.Attempt != expected)
        {
            throw new IllegalTransitionException($"job {Id}: step {x.Key} starts attempt {x.Attempt}, expected {expected} (R11)");
        }

        return (before ?? Fresh(x.Key, x.At)) with
        {
            Status = StepStatus.Started, Attempt = x.Attempt, FirstStarted = before?.FirstStarted ?? x.At, Deadline = x.Deadline, RetryAt = null, Why = null,
            Begun = before?.Begun ?? x.At,
            ReceiptAttempt = before is not null && (before.Attempt == x.Attempt || !before.Unsettled.IsEmpty) ? before.ReceiptAttempt : x.Attempt,
        };
    }

    private StepState Interrupted(StepInterrupted x)
    {
        var next = In(StepStatus.Started, x.Key, x) with { Status = StepStatus.Interrupted, Why = x.Why };
        return x.IsUnbegun == true ? next with { FirstStarted = null, Deadline = null, Unit = null } : next;
    }

    private StepState Failed(StepFailed x)
    {
        var before = In(StepStatus.Started, x.Key, x);
        return before with { Status = StepStatus.Failed, Failures = before.Failures + 1, RetryAt = x.RetryAt, Why = x.Why, Unsettled = x.Unsettled ?? [], Unit = x.IsUnitOver == true ? null : before.Unit };
    }

    private Job FoldRetry(RetryAsked x)
    {
        var approvals = Approvals.RemoveRange(Approvals.Where(a => a.Value.Expired || a.Value.RefusedBy is not null).Select(a => a.Key));
        var steps = WithPatience(x.At, s => s.Status is StepStatus.Failed or StepStatus.Interrupted && (Abort is null || IsWayOut(s.Key)), keepsFailures: x.Extend);
        var job = Trusting() with { Steps = steps, Approvals = approvals, Halt = null, PaysAll = PaysAll || Halt?.Key == DebtsKey, AgreedTasks = Halt?.Tasks is { } agreed ? (Tasks ?? agreed).SetItems(agreed) : AgreedTasks };
        job = Abort is null ? job.BeginAnew(x.At) : job;

        // A way out that failed is gone again from its first step: meanwhile the node may have become something that only that one mends.
        return Abort is null ? job : Steps.Values
            .Where(s => s.Status == StepStatus.Failed && s.Key.Node is { } node && s.Key.Path.Contains($".r{RestoreRounds.GetValueOrDefault(node)}.", StringComparison.Ordinal))
            .Select(s => s.Key.Node!).Distinct(StringComparer.Ordinal).Aggregate(job, (j, node) => j.NextRound(node));
    }

    private Job FoldAbort(AbortAsked x)
    {
        // Whatever a restore or an always step met before: this is a new order, with attempts and patience of its own.
        var job = this with { Abort = x, Halt = null, Steps = WithPatience(x.At, s => s.Status == StepStatus.Failed && (IsAlways(s.Key) || (s.Unit is not null && !Held.ContainsKey(s.Key.Node ?? "")))) };
        return Held.Keys.Aggregate(job, (j, node) => j.NextRound(node));
    }

    /// <summary>Restore and always steps: what an abort consists of.</summary>
    internal static bool IsWayOut(StepKey key) => IsAlways(key) || JobPaths.IsRestore(key.Path);

    private static bool IsAlways(StepKey key) => key.Path[0] is 'a' or 'p' or 'e';

    /// <summary>A human said go on: these steps get their attempts and their patience back; the attempt number goes on (R11).</summary>
    private ImmutableSortedDictionary<StepKey, StepState> WithPatience(DateTimeOffset now, Func<StepState, bool> which, bool keepsFailures = false)
    {
        var steps = Steps.ToBuilder();
        foreach (var (key, step) in Steps.Where(s => which(s.Value)))
        {
            var retryAt = step.Status == StepStatus.Failed ? now : step.RetryAt;
            steps[key] = step with { Failures = step.Status == StepStatus.Failed && !keepsFailures ? 0 : step.Failures, RetryAt = retryAt, FirstStarted = null, Deadline = null, Updated = now };
        }

        return steps.ToImmutable();
    }

    private Job FoldApproval(JobEvent e)
    {
        var (key, next) = e switch
        {
            ApprovalAsked x => (x.Key, new ApprovalState(x, [], null, null, false)),
            ApprovalGiven x => (x.Key, Approval(x.Key) is var a && a.Given.Any(p => p.Id == x.By.Id) ? a : a with { Given = a.Given.Add(x.By) }),
            ApprovalRefused x => (x.Key, Approval(x.Key) with { RefusedBy = x.By, RefusedWhy = x.Why }),
            ApprovalExpired x => (x.Key, Approval(x.Key) with { Expired = true }),
            _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is no approval event"),
        };
        return this with { Approvals = Approvals.SetItem(key, next) };
    }

    private ApprovalState Approval(string key) =>
        Approvals.GetValueOrDefault(key) ?? throw new IllegalTransitionException($"job {Id}: approval {key} was never asked");

    /// <summary>What has ended stays as it ended: a step succeeds, fails or is cut only while it is started, and is given up only once it failed.</summary>
    private StepState In(StepStatus status, StepKey key, JobEvent e) => Step(key) switch
    {
        null => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name}, but step {key} never started"),
        { } step when step.Status != status => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name}, but step {key} is {step.Status}"),
        { } step => step,
    };

    private static StepState Fresh(StepKey key, DateTimeOffset at) => new(key, StepStatus.Started, 1, 0, null, null, null, at, null);
}
