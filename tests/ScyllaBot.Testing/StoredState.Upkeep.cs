using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Testing;

internal sealed partial record StoredState
{
    private const int AuditedPerJob = 100;

    public OutboxBacklog Backlog()
    {
        var waiting = Outbox.Where(r => r.Message is null).ToArray();
        var oldest = waiting.FirstOrDefault();
        return new OutboxBacklog(waiting.Length, oldest is null ? null
            : Stream(oldest.Job == OutboxRow.Bot ? StreamId.Bot : StreamId.Of(oldest.Job)).FirstOrDefault(e => e.Sequence == oldest.Sequence)?.Event.At);
    }

    public (StoredState After, ForgetOutcome Outcome) Forget(RetentionCut cut, int limit)
    {
        var (after, gone) = (this, ImmutableArray.CreateBuilder<JobId>());
        foreach (var job in Jobs.Values.Where(j => !j.IsOpen).OrderBy(j => j.Updated).ThenBy(j => j.Id).TakeWhile(_ => gone.Count < limit))
        {
            if (after.WhyKept(job, cut.JobsBefore) is null)
            {
                after = after.Without(job);
                gone.Add(job.Id);
            }
        }

        var bot = after.Stream(StreamId.Bot);
        var audited = bot.SkipLast(1).Where(e => e.Event is Audited).Take(limit * AuditedPerJob).TakeWhile(e => Retention.MayGo(e.Event, cut.AuditBefore)).ToHashSet();
        after = after with { Journal = after.Journal.RemoveAll(audited.Contains), Streams = after.Streams.SetItem(StreamId.Bot, bot.RemoveAll(audited.Contains)) };
        return (after, new ForgetOutcome(gone.ToImmutable(), audited.Count, gone.Count < limit && audited.Count < limit * AuditedPerJob));
    }

    private string? WhyKept(Job job, DateTimeOffset before)
    {
        var journal = Stream(StreamId.Of(job.Id)).Select(e => (JobEvent)e.Event).ToArray();
        var paid = Retention.PaidBy(journal);
        var debts = Debts.Values.Where(d => d.Job == job.Id || paid.Contains(d.Id)).Select(d => new DebtTie(d.Id, d.Job, d.IsOpen));
        return Retention.WhyKept(job, journal, before, Lease(job.Cluster), debts, Outbox.Any(r => r.Job == job.Id && r.Message is null));
    }

    private StoredState Without(Job job)
    {
        var stream = StreamId.Of(job.Id);
        return this with
        {
            Journal = Journal.RemoveAll(e => e.Stream == stream), Streams = Streams.Remove(stream), Jobs = Jobs.Remove(job.Id),
            Requests = Requests.Remove(job.Birth.RequestId), Outbox = Outbox.RemoveAll(r => r.Job == job.Id),
            Debts = Debts.RemoveRange(Debts.Values.Where(d => d.Job == job.Id).Select(d => d.Id)), Notes = Notes.RemoveRange([$"stuck/{job.Id}", $"card/{job.Id}"]),
        };
    }
}
