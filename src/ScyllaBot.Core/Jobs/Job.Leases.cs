namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Of the lease it holds or held last; null in journals that do not say.</summary>
    public LeaseClass? Class { get; init; }

    /// <summary>What nodes compare with the newest they have seen (R13).</summary>
    internal long FencingEpoch => LeaseEpoch > 0 ? LeaseEpoch : Birth.BesideEpoch ?? 0;

    /// <summary>It waits for a lease that another job is about to give up (R18).</summary>
    public bool AwaitsLease { get; init; }

    /// <summary>Its lease was taken away: only to be ended or planned anew (R18).</summary>
    public bool IsUnlocked { get; init; }

    /// <summary>Why it is pausing or paused; null otherwise.</summary>
    public PauseState? Pause { get; init; }

    /// <summary>Null unless somebody tuned it.</summary>
    public JobTuning? Tuning { get; init; }

    /// <summary>Whoever owned it after its requester, the present owner last.</summary>
    public ImmutableArray<Person> LaterOwners { get; init; } = [];

    /// <summary>Nodes whose remaining steps a human marked done (R19).</summary>
    public ImmutableSortedSet<string> MarkedDone { get; init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>As its targets stood when a takeover reached its safe point.</summary>
    public ImmutableArray<NodeSeen> HandsOffNodes { get; init; } = [];

    /// <summary>Of the plan it goes by now: that of its birth, or of the last handback.</summary>
    public string PlanHash => Replanned ?? Birth.PlanHash;

    /// <summary>One-off tasks under its lease, by number (R18).</summary>
    public ImmutableSortedDictionary<int, UnderState> Unders { get; init; } = ImmutableSortedDictionary<int, UnderState>.Empty;

    /// <summary>Who is called and shown as its operator (R21).</summary>
    public Person Owner => LaterOwners.IsEmpty ? Birth.Operator : LaterOwners[^1];

    /// <summary>Whoever asked for it or owned it since: none of them approves it.</summary>
    public bool IsOwnedBy(Person person) =>
        string.Equals(Birth.Operator.Id, person.Id, StringComparison.Ordinal) || LaterOwners.Any(o => string.Equals(o.Id, person.Id, StringComparison.Ordinal));

    private string? Replanned { get; init; }

    private static PauseState AskedPause(PauseAsked x) => new(x.Cause ?? PauseCause.Asked, x.By, x.Why ?? "", x.At, x.For);

    private Job FoldLease(JobEvent e) => e switch
    {
        LeaseTaken x => this with { LeaseEpoch = x.Epoch, Class = x.Class ?? Class, AwaitsLease = false },
        LeaseReleased => this with { LeaseEpoch = 0 },
        LeaseAwaited x => this with { AwaitsLease = true, Class = x.Class },
        Unlocked x => this with
        {
            LeaseEpoch = 0, IsUnlocked = true, AwaitsLease = false, Halt = null, Restoring = Restoring.Clear(),
            Pause = new PauseState(PauseCause.ByHand, x.By, x.Why, x.At, null) { IsHandsOff = true, Reminded = x.At },
        },
        OwnerChanged x => this with { LaterOwners = LaterOwners.Add(x.To) },
        Tuned x => this with { Tuning = new JobTuning(x.Limit ?? Tuning?.Limit, x.StopAfter is { } stop ? (stop == 0 ? null : stop) : Tuning?.StopAfter) },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is nothing about leases"),
    };

    private Job FoldUnder(JobEvent e) => e switch
    {
        UnderAsked x when !Unders.ContainsKey(x.Number) => this with { Unders = Unders.Add(x.Number, new UnderState(x, null, null)) },
        UnderStarted x when Unders.GetValueOrDefault(x.Number) is { IsOpen: true } open =>
            this with { Unders = Unders.SetItem(x.Number, open with { Started = open.Started ?? x.At }) },
        UnderEnded x when Unders.GetValueOrDefault(x.Number) is { IsOpen: true } open => this with
        {
            // Its approval was for it alone: nobody is to ask it again.
            Unders = Unders.SetItem(x.Number, open with { End = x }), Approvals = open.Asked.Gate is { } gate ? Approvals.Remove(gate) : Approvals,
        },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} does not follow"),
    };

    private Job FoldHand(JobEvent e) => e switch
    {
        TakenOver x => this with { Pause = new PauseState(PauseCause.ByHand, x.By, x.Why, x.At, null), Halt = null, Restoring = Restoring.Clear() },
        HandsOff x => this with { HandsOffNodes = x.Nodes, Pause = Pause! with { IsHandsOff = true, Reminded = x.At } },
        HandReminded x => this with { Pause = Pause! with { Reminded = x.At } },
        HandedBack x => FoldHandedBack(x),
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is nothing about working by hand"),
    };

    /// <summary>What was approved was another plan; whatever was done by hand meanwhile is as it should be.</summary>
    private Job FoldHandedBack(HandedBack x)
    {
        ImmutableSortedSet<string> Chosen(string choice) =>
            x.Nodes.Where(n => n.Value == choice).Select(n => n.Key).ToImmutableSortedSet(StringComparer.Ordinal);
        var (done, redo, skipped) = (Chosen(HandbackChoice.Done), Chosen(HandbackChoice.Redo), Chosen(HandbackChoice.Skip));
        var released = done.Union(skipped);
        var steps = Steps.ToBuilder();
        foreach (var (key, step) in Steps.Where(s => s.Value.Status is StepStatus.Failed or StepStatus.Interrupted || IsRedone(s.Value, redo)))
        {
            var isRedone = IsRedone(step, redo);
            steps[key] = step with
            {
                Status = isRedone ? StepStatus.Failed : step.Status, Failures = 0, FirstStarted = null, Deadline = null, Updated = x.At,
                RetryAt = isRedone || step.Status == StepStatus.Failed ? x.At : step.RetryAt,
                Why = isRedone ? "to be done again after work by hand" : step.Why,
                Unsettled = isRedone && step.Status == StepStatus.Succeeded ? [] : step.Unsettled,
            };
        }

        // R18: what was done before proves nothing once people have worked there. A cluster step has units of every node.
        foreach (var (key, step) in steps.Where(s => (s.Key.Node is null && !HasPassed(s.Key)) || IsRedone(s.Value, redo)).ToArray())
        {
            steps[key] = step with { Units = StepState.NoUnits, Unit = null };
        }

        // As with a retry: whoever was brought up runs, so the middle of its steps is no place to go on from.
        return (Trusting() with
        {
            Replanned = x.PlanHash, MeantSince = x.Meant ?? MeantSince, Ahead = Ahead.Clear(), IsUnlocked = false, HandsOffNodes = [], Halt = null,
            Approvals = Approvals.RemoveRange(Approvals.Where(a => a.Key != Jobs.Approvals.Start && Step(a.Key) is null).Select(a => a.Key)),
            Steps = steps.ToImmutable(), MarkedDone = MarkedDone.Union(done).Except(redo),
            SkippedNodes = SkippedNodes.RemoveRange(redo).SetItems(skipped.Select(n => KeyValuePair.Create(n, $"skipped by {x.By.Name} at handback"))),
            PassedOver = PassedOver.RemoveRange(PassedOver.Keys.Where(k => redo.Contains(k.Node ?? "") && !HasPassed(new StepKey(k.Path, null)))),
            Held = Held.RemoveRange(released), BroughtUp = BroughtUp.RemoveRange(released.Union(redo)),
        }).BeginAnew(x.At);
    }

    /// <summary>A node's own steps in the rollouts that have not passed; restore steps are none of them.</summary>
    private bool IsRedone(StepState step, ImmutableSortedSet<string> redo) => step.Key.Node is { } node && redo.Contains(node)
        && step.Status is StepStatus.Succeeded or StepStatus.Skipped or StepStatus.Started or StepStatus.Failed or StepStatus.Interrupted
        && step.Key.Path.Split('.') is [var root, var number] && number.All(char.IsAsciiDigit) && !HasPassed(new StepKey(root, null));
}
