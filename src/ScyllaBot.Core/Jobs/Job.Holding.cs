namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    private const int MostFlaps = 100;

    private static readonly ImmutableSortedDictionary<string, double> NoBaseline =
        ImmutableSortedDictionary<string, double>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What was measured for a node before it was first held; null when nothing was.</summary>
    public double? Baseline(string node, string key) =>
        Baselines.TryGetValue(node, out var known) && known.TryGetValue(key, out var value) ? value : null;

    /// <summary>A step begins where the job runs, and on a node that we hold also where it does not, unless a human wants it to end now (R3, R4).</summary>
    internal bool MayBegin(StepKey key) =>
        State == JobState.Running || (key.Node is { } node && Held.ContainsKey(node) && Abort is not { Now: true });

    private Job FoldHold(JobEvent e) => e switch
    {
        JobHeld x => this with
        {
            Hold = new HoldState(Hold?.Since ?? x.At, x.Node, x.Why, (Hold?.Times ?? 0) + 1, Hold?.IsPinged ?? false),
            Flaps = x.Node is null ? Flaps : [.. Flaps.TakeLast(MostFlaps - 1), new NodeFlap(x.Node, x.At)],
        },
        HoldPinged => this with { Hold = Hold! with { IsPinged = true } },

        // What the hold cut waits as long again as it may: the hold was not the step's fault.
        HoldLifted x => this with { Steps = WithPatience(x.At, s => s.Status == StepStatus.Interrupted) },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is nothing about holding"),
    };

    private Job FoldKnown(JobEvent e) => e switch
    {
        BaselineTaken x => this with { Baselines = Baselines.SetItem(x.Node, Baselines.GetValueOrDefault(x.Node, NoBaseline).SetItem(x.Key, x.Value)) },
        QuestionAsked x when !Questions.ContainsKey(x.Key) => this with { Questions = Questions.SetItem(x.Key, new QuestionState(x, null, null)) },
        QuestionAnswered x when Questions.GetValueOrDefault(x.Key) is { IsOpen: true } open =>
            this with { Questions = Questions.SetItem(x.Key, open with { By = x.By, Answer = x.Answer }) },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} does not follow"),
    };

    /// <summary>A human said go on: whatever was done to nodes by hand meanwhile is as it should be.</summary>
    private Job Trusting() => this with { Flaps = [], SeenWell = SeenWell.Clear() };
}
