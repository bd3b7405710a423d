namespace ScyllaBot.Core.Jobs;

/// <summary>Hands every committed event to every reader. Readers that need the engine themselves are added after it is made.</summary>
public sealed class JobReaders : IJobReader
{
    private ImmutableArray<IJobReader> _readers = [];

    public void Add(IJobReader reader) => ImmutableInterlocked.Update(ref _readers, readers => readers.Add(reader));

    public void Committed(Job job, ImmutableArray<JobEvent> events)
    {
        foreach (var reader in _readers)
        {
            reader.Committed(job, events);
        }
    }

    public void Touched(JobId job)
    {
        foreach (var reader in _readers)
        {
            reader.Touched(job);
        }
    }
}
