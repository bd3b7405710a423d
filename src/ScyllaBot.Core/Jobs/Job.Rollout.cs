namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Node workflow → whom it goes over, where these are not the job's targets.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<TargetNode>> Chosen { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<TargetNode>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Node workflow and node → why nothing was to be done there.</summary>
    public ImmutableSortedDictionary<StepKey, string> PassedOver { get; init; } = ImmutableSortedDictionary<StepKey, string>.Empty;

    /// <summary>Node workflow and node that failed there and was given up (<c>max_failed_nodes</c>).</summary>
    public ImmutableSortedSet<StepKey> GivenUp { get; init; } = [];

    /// <summary>Targets, and whoever else a node workflow of the job goes over.</summary>
    public IEnumerable<TargetNode> AllNodes() => Birth.Targets.Concat(Chosen.Values.SelectMany(n => n)).DistinctBy(n => n.Name, StringComparer.Ordinal);

    private Job FoldRollout(JobEvent e) => e switch
    {
        NodesChosen x when !Chosen.ContainsKey(x.Path) => this with { Chosen = Chosen.Add(x.Path, x.Nodes) },
        NodePassedOver x => this with { PassedOver = PassedOver.SetItem(new StepKey(x.Path, x.Node), x.Why) },
        NodeSkipped x => this with
        {
            SkippedNodes = SkippedNodes.SetItem(x.Node, x.Why), Gone = Gone.Remove(x.Node), GivenUp = x.GivenUp is { } path ? GivenUp.Add(new StepKey(path, x.Node)) : GivenUp,
        },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} does not follow"),
    };

    private StepState PassedOverStep(StepPassedOver x) => Step(x.Key) switch
    {
        null => Fresh(x.Key, x.At) with { Status = StepStatus.Skipped, Attempt = 0, Why = x.Why },
        { Status: StepStatus.Failed } failed => failed with { Status = StepStatus.Skipped, RetryAt = null, Why = x.Why },
        { Status: var status } => throw new IllegalTransitionException($"job {Id}: step {x.Key} is passed over, but it is {status}"),
    };
}
