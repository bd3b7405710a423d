namespace ScyllaBot.Core.Jobs;

/// <summary>The one table of legal transitions: which event may happen in which state, and the state after it.</summary>
public static partial class JobTransitions
{
    private const JobState None = (JobState)(-1);

    private static readonly ImmutableArray<JobState> Open =
        [JobState.Waiting, JobState.Running, JobState.Holding, JobState.Pausing, JobState.Paused, JobState.Halted, JobState.Aborting];

    // Held nodes go on with their own steps in every one of these (R3); restore and always steps run while aborting.
    private static readonly ImmutableArray<JobState> Working = [JobState.Running, JobState.Holding, JobState.Pausing, JobState.Halted, JobState.Aborting];

    private static readonly ImmutableSortedDictionary<string, Rule> Rules = Build();

    /// <summary>Every kind of event that a job's journal may hold, by type name.</summary>
    public static IEnumerable<string> Kinds => Rules.Keys;

    /// <returns>The state after the event, or null when it is illegal in this state.</returns>
    public static JobState? After(JobState state, JobEvent what)
    {
        var rule = Rules[what.GetType().Name];
        return !rule.In.Contains(state) ? null : rule.To ?? state;
    }

    /// <summary>Steps of it may be at work.</summary>
    internal static bool IsWorking(JobState state) => Working.Contains(state);

    /// <summary>For the table in docs and its test: states in which the kind is legal, and where it leads (null = stays).</summary>
    public static (ImmutableArray<JobState> In, JobState? To) RuleOf(string kind) => (Rules[kind].In, Rules[kind].To);

    private static ImmutableSortedDictionary<string, Rule> Build()
    {
        var rules = ImmutableSortedDictionary.CreateBuilder<string, Rule>(StringComparer.Ordinal);
        void Add<T>(ImmutableArray<JobState> states, JobState? to = null)
            where T : JobEvent => rules.Add(typeof(T).Name, new Rule(states, to));

        Add<Created>([None]);
        Add<Began>([JobState.Waiting], JobState.Running);
        Add<LeaseTaken>(Open);
        Add<LeaseReleased>(Open);
        // R5: the way out of a movement is asked for while it hangs.
        Add<ApprovalAsked>([JobState.Waiting, JobState.Running, JobState.Halted, JobState.Aborting]);
        Add<ApprovalGiven>([JobState.Waiting, .. Working, JobState.Paused]);
        Add<ApprovalRefused>([JobState.Waiting, .. Working, JobState.Paused]);
        Add<ApprovalExpired>([JobState.Waiting, .. Working, JobState.Paused]);
        Add<StepStarted>(Working);
        // An unlock pauses at once, and a step that was at its end then still says how it ended.
        Add<StepSucceeded>([.. Working, JobState.Paused]);
        Add<StepFailed>([.. Working, JobState.Paused]);
        Add<StepInterrupted>([.. Working, JobState.Paused]);
        Add<StepSkipped>([.. Working, JobState.Paused]);
        Add<StepPassedOver>(Working);
        Add<UnitBegun>(Working);
        Add<UnitDone>([.. Working, JobState.Paused]);
        Add<NodesChosen>([JobState.Running]);
        Add<NodePassedOver>([JobState.Running]);
        Add<NodeHeld>([JobState.Running]);
        Add<NodeReleased>([.. Working, JobState.Paused]);
        Add<NodeJoined>([.. Working, JobState.Paused]);
        Add<ApprovedAhead>([JobState.Waiting, JobState.Running, JobState.Holding, JobState.Pausing, JobState.Paused, JobState.Halted]);
        Add<GlassBroken>([JobState.Waiting, JobState.Running, JobState.Holding, JobState.Pausing, JobState.Paused, JobState.Halted]);
        Add<NodeSkipped>([JobState.Running, JobState.Holding, JobState.Paused, JobState.Halted]);
        Add<Halted>(Working, JobState.Halted);
        Add<HaltAcknowledged>([JobState.Halted]);
        Add<RetryAsked>([JobState.Halted], JobState.Running);
        Add<RestoreAsked>([JobState.Halted]);
        Add<PauseAsked>([JobState.Running, JobState.Holding], JobState.Pausing);
        Add<PauseReached>([JobState.Pausing], JobState.Paused);
        Add<Resumed>([JobState.Pausing, JobState.Paused], JobState.Running);
        Add<AbortAsked>(Open, JobState.Aborting);
        Add<PlanDrifted>(Open);
        Add<AlwaysStarted>([JobState.Running, JobState.Aborting]);
        AddLooks(rules);
        AddLeases(rules);
        Add<Ended>([JobState.Waiting, JobState.Running, JobState.Aborting], JobState.Ended);
        return rules.ToImmutable();
    }

    /// <summary>What is seen, said, asked and owed on the way.</summary>
    private static void AddLooks(ImmutableSortedDictionary<string, Rule>.Builder rules)
    {
        void Add<T>(ImmutableArray<JobState> states, JobState? to = null)
            where T : JobEvent => rules.Add(typeof(T).Name, new Rule(states, to));

        Add<HostResumed>(Open);
        Add<Announced>(Working);
        Add<JobHeld>([JobState.Running, JobState.Holding], JobState.Holding);
        Add<HoldPinged>([JobState.Holding]);
        Add<HoldLifted>([JobState.Holding], JobState.Running);
        Add<ViewSeen>(Working);
        Add<NodesSeenWell>([JobState.Running, JobState.Holding]);
        Add<BaselineTaken>([JobState.Running]);
        Add<QuestionAsked>(Working);
        Add<QuestionAnswered>([.. Working, JobState.Paused]);
        Add<HaltCalled>([JobState.Halted]);
        Add<NodeDownLong>(Working);
        // A task under the job may run while it waits.
        Add<DebtOpened>(Open);
        Add<DebtPaid>(Open);
    }

    private sealed record Rule(ImmutableArray<JobState> In, JobState? To);
}

/// <summary>A journal that could not have happened: damaged, or written by a newer version. Refuse it.</summary>
public sealed class IllegalTransitionException(string message) : Exception(message);
