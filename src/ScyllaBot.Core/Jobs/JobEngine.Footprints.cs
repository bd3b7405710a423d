using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobEngine
{
    /// <summary>Whether this database may work on a cluster (R13).</summary>
    internal FootprintWatch Footprints { get; } = new(ports);

    /// <summary>R13: what was taken up again after a restore from a backup would be done twice, so every cluster with open jobs is looked at before.</summary>
    private Task LookForFootprintsAsync(IEnumerable<JobSummary> open, CancellationToken ct) => Task.WhenAll(
        open.Select(j => j.Cluster).Distinct(StringComparer.Ordinal).Select(inventory.Current.Find).OfType<Cluster>()
            .Select(c => Footprints.WhyReadOnlyAsync(c, ct)));

    /// <summary>What can not be told keeps no job from its nodes: one may be down by it, and each node has a fence of its own.</summary>
    /// <exception cref="InvalidOperationException">The cluster is read-only; the job has halted, or its operator was told.</exception>
    private async Task RefuseReadOnlyAsync(Job job, CancellationToken ct)
    {
        if (ports.Fleet.ReadOnly(job.Cluster) is { } found)
        {
            await HaltOrTellAsync(
                job, found.Sentence, "Nothing of the job runs, and what this database knows of it may be old. A node that is down may be started (/scp node-task task:systemd-start-service).",
                "Restore the newer database, or acknowledge. Then the job is paused by hand: /scp handback says what becomes of each node, /scp abort ends it.", ct);
            throw new InvalidOperationException(found.Sentence);
        }
    }

    /// <summary>A human has spoken: what was not taken up is.</summary>
    /// <returns>Jobs that are open on the cluster, and whether they go on by themselves.</returns>
    internal async Task<ImmutableArray<Job>> TakeUpReleasedAsync(string cluster, CancellationToken ct)
    {
        var jobs = ImmutableArray.CreateBuilder<Job>();
        foreach (var summary in await ports.Store.ListJobsAsync(new JobFilter(cluster, OpenOnly: true, Limit: 1000), ct))
        {
            if (WhyStuck(summary.Id) is null)
            {
                continue;
            }

            try
            {
                await ResumeAsync(summary.Id, ask: false, ct);
                jobs.Add(Find(summary.Id)!.Job);
            }
            catch (Exception unusable) when (unusable is not OperationCanceledException)
            {
                LogStuck(summary.Id, unusable.Message, unusable);
                LetGo(summary.Id, unusable.Message);
            }
        }

        return jobs.ToImmutable();
    }
}
