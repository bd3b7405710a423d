using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What can be completed, kept in memory from the journal's facts as they are committed.</summary>
public sealed class JobChoices(WorkflowBinder binder, TaskCatalog catalog) : IJobChoices, IJobReader
{
    private const int Kept = 100;

    // Written by many jobs' schedulers, read by the chat: replaced whole.
    private ImmutableSortedDictionary<JobId, JobSummary> _jobs = ImmutableSortedDictionary<JobId, JobSummary>.Empty;

    public ImmutableArray<(string Name, string Description, ImmutableArray<Variable> Variables)> Workflows => binder.Workflows;

    public ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> NodeTasks { get; } = Of(catalog, needsNode: true);

    public ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> ClusterTasks { get; } = Of(catalog, needsNode: false);

    public ImmutableArray<JobSummary> OpenJobs => [.. RecentJobs.Where(j => j.State != JobState.Ended)];

    public ImmutableArray<JobSummary> RecentJobs => [.. _jobs.Values.Reverse()];

    /// <summary>At start, from the store.</summary>
    public void Fill(IEnumerable<JobSummary> jobs) => _jobs = _jobs.SetItems(jobs.Select(j => KeyValuePair.Create(j.Id, j)));

    public void Committed(Job job, ImmutableArray<JobEvent> events) =>
        ImmutableInterlocked.Update(ref _jobs, jobs => Bounded(jobs.SetItem(job.Id, Projection.Summary(job))));

    public void Touched(JobId job)
    {
        // Nothing here depends on waits.
    }

    private static ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> Of(TaskCatalog catalog, bool needsNode) =>
        [.. catalog.Tasks.Where(t => t.NeedsNode == needsNode && t.Tag.Name != "node-workflow").Select(t => (t.Tag.Name, t.Tag.Title, t.Inputs.Select(i => i.Name).ToImmutableArray()))];

    private static ImmutableSortedDictionary<JobId, JobSummary> Bounded(ImmutableSortedDictionary<JobId, JobSummary> jobs) =>
        jobs.Count <= Kept ? jobs : jobs.RemoveRange(jobs.Where(j => j.Value.State == JobState.Ended).Take(jobs.Count - Kept).Select(j => j.Key).ToArray());
}

/// <summary>New job ids.</summary>
public static class JobIds
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Sortable by birth: 9 characters of milliseconds, 5 of randomness.</summary>
    public static JobId New(DateTimeOffset now, Ports.IRandom random)
    {
        Span<char> id = stackalloc char[14];
        var milliseconds = now.ToUnixTimeMilliseconds();
        for (var i = 8; i >= 0; i--)
        {
            id[i] = Alphabet[(int)(milliseconds & 31)];
            milliseconds >>= 5;
        }

        Span<byte> bytes = stackalloc byte[5];
        random.NextBytes(bytes);
        for (var i = 0; i < 5; i++)
        {
            id[9 + i] = Alphabet[bytes[i] & 31];
        }

        return new JobId(new string(id));
    }
}
