using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>How the engine judges safety: one value, so that the sandbox can plant a fault in it and show that the oracle notices.</summary>
/// <param name="WhyNotDown">May all of these be down together? Null = yes.</param>
/// <param name="Constraints">Votes on the next node, all must agree.</param>
public sealed record Judgement(
    Func<Availability, ImmutableSortedSet<string>, string?> WhyNotDown, ImmutableArray<IRollingConstraint> Constraints)
{
    /// <summary>Whether conditions of a type are asked at all. One that is not is taken to hold: so a test shows what each of them is there for.</summary>
    public Func<Type, bool> Asks { get; init; } = _ => true;

    /// <summary>The only one outside a planted fault.</summary>
    public static readonly Judgement Sound = new((availability, down) => availability.WhyNot(down), RollingPlan.Constraints);
}
