namespace ScyllaBot.Core.Jobs;

public static partial class JobTransitions
{
    /// <summary>Leases, owners, work by hand, tasks under a job (R18, R19, R21).</summary>
    private static void AddLeases(ImmutableSortedDictionary<string, Rule>.Builder rules)
    {
        void Add<T>(ImmutableArray<JobState> states, JobState? to = null)
            where T : JobEvent => rules.Add(typeof(T).Name, new Rule(states, to));

        Add<LeaseAwaited>([JobState.Waiting]);
        Add<Unlocked>(Open, JobState.Paused);
        Add<OwnerChanged>(Open);
        Add<Tuned>([JobState.Waiting, JobState.Running, JobState.Holding, JobState.Pausing, JobState.Paused, JobState.Halted]);
        Add<TakenOver>([JobState.Running, JobState.Holding, JobState.Pausing, JobState.Paused, JobState.Halted], JobState.Pausing);
        Add<HandsOff>([JobState.Pausing], JobState.Paused);
        Add<HandReminded>([JobState.Paused]);
        Add<HandedBack>([JobState.Paused], JobState.Running);
        Add<UnderAsked>(Open);
        Add<UnderStarted>(Open);
        Add<UnderEnded>(Open);
    }
}
