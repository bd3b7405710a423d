namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    public Task<ImmutableArray<JobSummary>> ListAsync(JobFilter filter, CancellationToken ct) => ports.Store.ListJobsAsync(filter, ct);

    public async Task<LiveJob?> ShowAsync(JobId job, CancellationToken ct)
    {
        if (engine.Find(job) is { } run)
        {
            return await run.Mailbox.PostAsync(() => Task.FromResult(LiveView.Of(run)));
        }

        var entries = await ports.Store.ReadAsync(StreamId.Of(job), 0, ct);
        return entries.IsEmpty ? null : LiveView.Of(Job.From(job, entries.Select(e => (JobEvent)e.Event)));
    }

    public async Task<ImmutableArray<string>?> WhyAsync(JobId job, CancellationToken ct) =>
        await ShowAsync(job, ct) is { } live ? WhyText.Of(live, ports.Time.GetUtcNow()) : null;
}
