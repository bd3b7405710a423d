namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Path of a gate → who approved it before it was asked (R16). A drift voids them.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<Person>> Ahead { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<Person>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What is meant since the last drift that was accepted; null: as at the birth.</summary>
    public PlanMeaning? MeantSince { get; init; }

    /// <summary>What is there is compared with this (R15); null in journals of before.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public PlanMeaning? Meant => MeantSince ?? Birth.Meant;

    /// <summary>Nodes of the plan that have left the ring, until they are dropped (R27).</summary>
    public ImmutableSortedSet<string> Gone { get; init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>Gates that nobody decided in time: the job stands at a safe point until somebody asks again (R16).</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<ApprovalState> Lapsed => Approvals.Values.Where(a => a.Expired && a.Asked.Key != Jobs.Approvals.Start);

    /// <summary>Those of the plan that are neither dropped nor in the ring: nothing goes on before somebody says what becomes of them (R27).</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<string> LostTargets => Gone.Where(n => !SkippedNodes.ContainsKey(n) && Birth.Targets.Any(t => t.Name == n));

    /// <summary>At the last look another machine stood where one of the plan had stood.</summary>
    public bool IsStrange { get; init; }

    /// <summary>What differed when that was last written down; null: nothing ever did.</summary>
    public string? LastDrift { get; init; }

    /// <summary>It began, and since then what it was planned for has changed.</summary>
    public bool IsDrifted { get; init; }

    /// <summary>What the start was approved as, when that is void for what has not begun (R15); null: it counts, or there was none, or it was approved anew.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ApprovalAsked? VoidStart => IsDrifted && Approvals.GetValueOrDefault(Jobs.Approvals.Drift) is not { IsGranted: true }
        ? Approvals.GetValueOrDefault(Jobs.Approvals.Start)?.Asked : null;

    private Job FoldAhead(ApprovedAhead x) =>
        this with { Ahead = Ahead.SetItem(x.Path, [.. Ahead.GetValueOrDefault(x.Path, []).Where(p => p.Id != x.By.Id), x.By]) };

    private Job FoldGlass(GlassBroken x) => this with { Approvals = Approvals.SetItem(x.Key, Approval(x.Key) with { Glass = x.By }) };

    /// <summary>Whoever goes on is asked again what nobody decided.</summary>
    private Job WithoutLapsed() => this with { Approvals = Approvals.RemoveRange(Lapsed.Select(a => a.Asked.Key).ToArray()) };

    /// <summary>R15: an approval means what was seen. Those that were used stay; open ones are asked again, given ones do not count.</summary>
    private Job FoldDrift(PlanDrifted x) => this with
    {
        Approvals = Approvals.RemoveRange(Approvals.Where(a => IsUnused(a.Value)).Select(a => a.Key)),
        Ahead = Ahead.Clear(),
        MeantSince = x.Now ?? MeantSince,
        Gone = Gone.Union(x.Gone ?? []),
        LastDrift = x.What,
        IsStrange = x.Now is null,
        IsDrifted = IsDrifted || HasBegun,
    };

    private bool IsUnused(ApprovalState approval) => Step(approval.Asked.Key) is null && (!approval.IsOpen || !approval.Given.IsEmpty)
        && !(HasBegun && approval.Asked.Key == Jobs.Approvals.Start);
}
