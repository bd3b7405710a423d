using ScyllaBot.Core.Chat;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobEngine
{
    /// <summary>R30: a job that no longer binds halts, so that somebody is called, once for the same reason.</summary>
    private async Task<BoundJob> BindOrHaltAsync(Job job, CancellationToken ct)
    {
        try
        {
            return Bind(job);
        }
        catch (InvalidOperationException unbound)
        {
            var halted = new Halted(ports.Time.GetUtcNow(), null, false, unbound.Message, UnboundSafeNow(job));
            if (job.Halt?.Why != halted.Why && JobTransitions.After(job.State, halted) is not null)
            {
                var after = job.Apply(halted);
                await ports.Store.AppendAsync(
                    StreamId.Of(job.Id), job.Sequence, job.LeaseEpoch, [halted], [.. ports.Outbox(after, halted, null).Select(item => (0, item))], ct);
            }
            else if (job.Halt is null)
            {
                await TellStuckAsync(job, unbound.Message, ct);
            }

            throw;
        }
    }

    /// <summary>It can not halt where it stands; its operator is told, once for the same reason.</summary>
    private async Task TellStuckAsync(Job job, string why, CancellationToken ct)
    {
        var note = $"stuck/{job.Id}";
        if (await ports.Store.ReadNoteAsync(note, ct) != why)
        {
            var item = new OutboxItem(OutboxItems.Stuck, job.Birth.Channel, NoticeJson.Write(StuckNotice.Render(job, why)));
            await ports.Store.AppendAsync(StreamId.Bot, -1, 0, [new JobStuck(ports.Time.GetUtcNow(), job.Id.Value, why)], [(0, item)], ct);
            await ports.Store.WriteNoteAsync(note, why, ct);
        }
    }

    private static string UnboundSafeNow(Job job) =>
        (job.IsAtSafePoint ? "No node is down by this job. " : $"{string.Join(", ", job.Held.Keys)} may be down by us and nobody brings them up. ")
        + "Nothing of the job runs until the cause is mended and the bot was started again; then retry, bring up or abort.";
}
