using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobEngine
{
    private FootprintWatch? _footprints;

    /// <summary>Whether this database may work on a cluster (R13).</summary>
    internal FootprintWatch Footprints => LazyInitializer.EnsureInitialized(ref _footprints, () => new FootprintWatch(ports, HaltAtWorkAsync));

    /// <summary>R13: what was taken up again after a restore from a backup would be done twice, so every cluster with open jobs is looked at before.</summary>
    private Task LookForFootprintsAsync(IEnumerable<JobSummary> open, CancellationToken ct) => Task.WhenAll(
        open.Select(j => j.Cluster).Distinct(StringComparer.Ordinal).Select(inventory.Current.Find).OfType<Cluster>()
            .Select(c => Footprints.WhyReadOnlyAsync(c, ct)));

    /// <summary>What can not be told keeps no job from its nodes: one may be down by it, and each node has a fence of its own.</summary>
    /// <exception cref="ClusterReadOnlyException">The job has halted, or its operator was told.</exception>
    private async Task RefuseReadOnlyAsync(Job job, CancellationToken ct)
    {
        if (ports.Fleet.ReadOnly(job.Cluster) is { } found)
        {
            await HaltOrTellAsync(
                job, found.Sentence, "Nothing of the job runs, and what this database knows of it may be old. A node that is down may be started (/scp node-task task:systemd-start-service).",
                "Restore the newer database, or acknowledge. Then the job is paused by hand: /scp handback says what becomes of each node, /scp abort ends it.", ct);
            throw new ClusterReadOnlyException(found.Sentence);
        }
    }

    /// <summary>
    /// As a halt in any job: held nodes come to their end as far as nodes still take its commands, no other node starts, one call. A job that is being
    /// aborted is on its way out already, and one beside the lease only brings a node up (R4).
    /// </summary>
    private Halted FoundHalt(ReadOnlyCluster found) => new(
        ports.Time.GetUtcNow(), null, false, found.Sentence,
        "No further node is started; nodes that are down by this job finish their own steps, where no newer lease makes them refuse. Once acknowledged the job is paused by hand, and /scp handback goes on.");

    /// <summary>R13: somebody else works there, or this database is old; each job at work there stops.</summary>
    private async Task HaltAtWorkAsync(string cluster)
    {
        foreach (var run in Runs.Where(r => r.Job.Cluster == cluster).ToArray())
        {
            try
            {
                await run.Mailbox.PostAsync(() => StandForFootprintsAsync(run));
            }
            catch (JobLostException)
            {
                // Whoever takes it up finds the same.
            }
        }

        WakeAll();
    }

    private Task StandForFootprintsAsync(JobRun run) => run.AppendAsync(job =>
        ports.Fleet.ReadOnly(job.Cluster) is { } found && job is { State: JobState.Running or JobState.Holding, Birth.BesideEpoch: null } ? [FoundHalt(found)] : []);

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
