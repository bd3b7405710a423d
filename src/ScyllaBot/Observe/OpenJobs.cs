using System.Collections.Concurrent;
using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Observe;

/// <summary>Every open job as it stands, for numbers about them: as the readers heard of it, or from the journal of one that is not at work here.</summary>
internal sealed class OpenJobs(IJobStore store) : IJobReader
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<JobId, Job> _known = new();

    public void Committed(Job job, ImmutableArray<JobEvent> events)
    {
        if (job.IsOpen)
        {
            _known[job.Id] = job;
        }
        else
        {
            _known.TryRemove(job.Id, out _);
        }
    }

    public void Touched(JobId job)
    {
        // Its journal is as it was.
    }

    /// <summary>Who answers for it; null for a job that is not at work here.</summary>
    public string? OperatorOf(string job) => _known.GetValueOrDefault(new JobId(job))?.Owner.Name;

    /// <returns>Each open job with its fold; null: its journal can not be read.</returns>
    public async Task<ImmutableArray<(JobSummary Summary, Job? Job)>> ReadAsync(CancellationToken ct)
    {
        var open = await store.ListJobsAsync(new JobFilter(OpenOnly: true, Limit: Most), ct);
        var jobs = ImmutableArray.CreateBuilder<(JobSummary, Job?)>(open.Length);
        foreach (var summary in open)
        {
            jobs.Add((summary, _known.TryGetValue(summary.Id, out var job) && job.Updated >= summary.Updated ? job : await FromJournalAsync(summary.Id, ct)));
        }

        return jobs.DrainToImmutable();
    }

    private async Task<Job?> FromJournalAsync(JobId id, CancellationToken ct)
    {
        try
        {
            return Job.From(id, (await store.ReadAsync(StreamId.Of(id), 0, ct)).Select(e => (JobEvent)e.Event));
        }
        catch (Exception unreadable) when (unreadable is IllegalTransitionException or UnreadableEventException)
        {
            return null;
        }
    }
}
