using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobEngine
{
    /// <summary>How often the same thing breaks before somebody is called for a job that can not halt where it stands.</summary>
    private const int TriesBeforeStuck = 3;

    /// <summary>R30: a job that no longer binds halts, so that somebody is called, once for the same reason.</summary>
    private async Task<BoundJob> BindOrHaltAsync(Job job, CancellationToken ct)
    {
        try
        {
            return Bind(job);
        }
        catch (InvalidOperationException unbound)
        {
            await HaltOrTellAsync(job, unbound.Message, UnboundSafeNow(job), StuckNotice.MendAndStart, ct);
            throw;
        }
    }

    /// <summary>One call for one reason.</summary>
    private async Task HaltOrTellAsync(Job job, string why, string safeNow, string whatToDo, CancellationToken ct)
    {
        var halted = new Halted(ports.Time.GetUtcNow(), null, false, why, safeNow);
        if (job.Halt?.Why != halted.Why && JobTransitions.After(job.State, halted) is not null)
        {
            var after = job.Apply(halted);
            await ports.Store.AppendAsync(
                StreamId.Of(job.Id), job.Sequence, job.LeaseEpoch, [halted], [.. ports.Outbox(after, halted, null).Select(item => (0, item))], ct);
        }
        else if (job.Halt is null)
        {
            await TellStuckAsync(job, why, ct, whatToDo);
        }
    }

    /// <summary>A store that failed once may answer again: nodes of ours may be down, so nobody waits for the next host.</summary>
    private async Task TakeUpAgainAsync(JobId job)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(StoreRetry, ports.Time, _stopping.Token);
                if (await ResumeAsync(job, ask: false, _stopping.Token) is { End: { } end } ended)
                {
                    // The end was written though the store said otherwise: nobody has heard of it yet.
                    Forget(job);
                    foreach (var reader in ports.Readers)
                    {
                        reader.Committed(ended, [end]);
                    }
                }

                return;
            }
            catch (ClusterReadOnlyException found)
            {
                // The acknowledgement takes its lease away and takes it up (R13); a run that nobody drives would only be in the way.
                LetGo(job, found.Message);
                return;
            }
            catch (Exception still) when (still is not OperationCanceledException)
            {
                LogStuck(job, still.Message, still);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>It can not halt where it stands; its operator is told, once for the same reason.</summary>
    private async Task TellStuckAsync(Job job, string why, CancellationToken ct, string whatToDo = StuckNotice.MendAndStart)
    {
        var note = $"stuck/{job.Id}";
        if (await ports.Store.ReadNoteAsync(note, ct) != why)
        {
            var item = new OutboxItem(OutboxItems.Stuck, job.Birth.Channel, NoticeJson.Write(StuckNotice.Render(job, why, whatToDo)));
            await ports.Store.AppendAsync(StreamId.Bot, -1, 0, [new JobStuck(ports.Time.GetUtcNow(), job.Id.Value, why)], [(0, item)], ct);
            await ports.Store.WriteNoteAsync(note, why, ct);
        }
    }

    /// <summary>Nobody but this host looks after the job, and nodes of it may be down: whatever breaks is a halt for a human, and it is driven on.</summary>
    private async Task KeepDrivingAsync(JobRun run)
    {
        string? said = null;
        var times = 0;
        while (true)
        {
            try
            {
                await new JobLoop(run).RunAsync();
                return;
            }
            catch (Exception broken) when (run.Loss is null && !run.HostStopping.IsCancellationRequested)
            {
                var why = Shortened.To(FailureText.Of(broken), 1500);
                times = why == said ? times + 1 : 1;
                if (why != said)
                {
                    LogBroke(run.Job.Id, said = why, broken);
                }

                await StandStillAsync(run, why, times);
            }
        }
    }

    /// <summary>One call for one reason: where it may not halt it is tried again, and told as stuck once it does not pass by itself.</summary>
    private async Task StandStillAsync(JobRun run, string why, int times)
    {
        var isNew = false;
        await run.AppendAsync(job =>
        {
            var halted = new Halted(ports.Time.GetUtcNow(), null, false, why, BrokenSafeNow(job));
            isNew = job.State != JobState.Halted && JobTransitions.After(job.State, halted) is not null;
            return isNew ? [halted] : [];
        });
        if (isNew)
        {
            return;
        }

        try
        {
            if (times >= TriesBeforeStuck && run.Job.Halt is null)
            {
                await TellStuckAsync(run.Job, why, run.HostStopping);
            }
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            LogBroke(run.Job.Id, broken.Message, broken);
        }

        try
        {
            await run.Changed.Next.WaitAsync(StoreRetry, run.HostStopping);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it too, and ends.
        }
    }

    private static string BrokenSafeNow(Job job) =>
        (job.IsAtSafePoint ? "No node is down by this job" : $"{string.Join(", ", job.Held.Keys)} may be down by us and go on with their own steps where they can")
        + "; no further node is started. Retry, bring up or abort.";

    private static string UnboundSafeNow(Job job) =>
        (job.IsAtSafePoint ? "No node is down by this job. " : $"{string.Join(", ", job.Held.Keys)} may be down by us and nobody brings them up. ")
        + "Nothing of the job runs until the cause is mended and the bot was started again; then retry, bring up or abort.";
}
