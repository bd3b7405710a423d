using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Compares a job's plan with what is there now (R15, R27).</summary>
internal static class DriftCheck
{
    private const int Longest = 1500;

    /// <returns>What is there and how it differs; null for a job of before, whose journal does not say what was meant.</returns>
    /// <exception cref="RecoverableException">It can not be read now.</exception>
    public static async Task<(PlanMeaning Now, PlanDifference Difference)?> ReadAsync(JobRun run, CancellationToken ct)
    {
        if (run.Job.Meant is not { } then)
        {
            return null;
        }

        var now = await MeaningReader.ReadAsync(run.Bound, run.Job.Birth.Targets, run.Ports, ct);
        now = now with
        {
            // CQL that is away tells nothing about replication, and a node that is down nothing about its version: neither is a change.
            Replication = now.Replication.IsEmpty ? then.Replication : then.Replication.IsEmpty ? then.Replication : now.Replication,
            Versions = now.Versions.SetItems(then.Versions.Where(v => !now.Versions.ContainsKey(v.Key))),
        };
        var own = run.MayBeOut.Concat(run.Job.SkippedNodes.Keys).ToImmutableSortedSet(StringComparer.Ordinal);
        var touched = run.Job.Steps.Keys.Where(k => k.Node is not null).Select(k => k.Node!).ToImmutableSortedSet(StringComparer.Ordinal);
        var nodes = run.Bound.Cluster.Nodes;
        return (now, PlanComparison.Of(
            then, now, (id, address) => nodes.FirstOrDefault(n => n.HostId.ToString() == id)?.Name ?? nodes.FirstOrDefault(n => n.Address == address)?.Name, own, touched));
    }

    /// <summary>The event that voids what was approved; what is there is what is meant from here on, unless a node of the plan is another machine now.</summary>
    public static PlanDrifted Event(DateTimeOffset at, PlanMeaning now, PlanDifference difference) => new(at, Shortened.To(difference.ToString(), Longest))
    {
        Gone = difference.Gone.IsEmpty ? null : difference.Gone,
        Now = difference.Strangers.IsEmpty ? now : null,
    };
}
