using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>The cluster's own vote: a node joins those at work only if all of them may be down together (decision 10).</summary>
/// <param name="availability">Read for this vote.</param>
/// <param name="down">Down in anybody's view.</param>
/// <param name="held">What the job holds: down by us, so it only finishes and joins nobody.</param>
/// <param name="whyNotDown">The judgement.</param>
internal sealed class StaysAvailable(
    Availability availability, ImmutableSortedSet<string> down, ImmutableSortedSet<string> held,
    Func<Availability, ImmutableSortedSet<string>, string?> whyNotDown) : IRollingConstraint
{
    public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress) =>

        // Alone it needs no vote: its own preconditions judge it, and say on the card what it waits for.
        progress.Working.Remove(candidate.Name).IsEmpty || held.Contains(candidate.Name)
            ? null : whyNotDown(availability, down.Union(held).Union(progress.Working).Add(candidate.Name));
}

/// <summary>Unreadable topology = refuse (decision 10): nobody joins those at work; one may begin where nobody is, and judges for itself.</summary>
/// <param name="why">It could not be read.</param>
/// <param name="held">What the job holds: it only finishes.</param>
internal sealed class NobodyJoins(string why, ImmutableSortedSet<string> held) : IRollingConstraint
{
    public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress) =>
        progress.Working.Remove(candidate.Name).IsEmpty || held.Contains(candidate.Name) ? null : why;
}
