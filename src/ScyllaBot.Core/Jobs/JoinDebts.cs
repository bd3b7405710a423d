using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// What a node that appears in the ring because of a job leaves owing, on record from that moment: whoever aborts the job afterwards has not
/// undone the join (facts 1.13, 4.6, 7.12).
/// </summary>
internal static class JoinDebts
{
    private static readonly TimeSpan Within = TimeSpan.FromDays(7);

    /// <summary>One for the cluster, however many join. The first nodes of a ring take nothing from anybody, and a replacement has the ranges of whom it replaces.</summary>
    public static ImmutableArray<JobEvent> Of(Job job, BoundJob bound, string node, DateTimeOffset now) =>
        RingChanges.FoundsRing(bound.Workflow) || !RingChanges.Ousted(bound.Workflow).IsEmpty || job.Debts.Values.Any(d => d is { Kind: DebtKind.Cleanup, Subject: "" }) ? []
            : [new DebtOpened(
                now, null, DebtKind.Cleanup, "", $"since {node} joined, the others hold rows that are not theirs any more", now + Within, DebtNature.Owed,
                DebtUndo.Of("cleanup-cluster", null, byItself: false))];
}
