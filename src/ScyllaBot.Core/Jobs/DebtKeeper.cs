using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Chat;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Looks after what jobs left owing: runs what is quick and harmless as a one-off of its own once the cluster is free, calls somebody, once, when
/// a deadline is over, and strikes off what went by itself.
/// </summary>
/// <param name="store">Debts and jobs.</param>
/// <param name="control">How a one-off is started: by the same rules as anybody's.</param>
/// <param name="time">Engine time.</param>
/// <param name="sandbox">Footers say so.</param>
/// <param name="log">What could not be done.</param>
public sealed partial class DebtKeeper(IJobStore store, IJobControl control, TimeProvider time, bool sandbox, ILogger<DebtKeeper> log)
{
    private const string Channel = "ops";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    // Forgotten with the process: after a restart each is tried at once.
    private readonly SortedDictionary<string, (int Tries, DateTimeOffset Next)> _tries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JobId> _payers = new(StringComparer.Ordinal);

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Every, time, ct);
            try
            {
                await LookAsync(ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                // The next look finds the same debts.
                LogFailed(failed);
            }
        }
    }

    /// <summary>One look at everything that is open.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var jobs = await store.ListJobsAsync(new JobFilter(OpenOnly: true, Limit: 1000), ct);
        await EndOwnAsync(jobs, ct);
        var atWork = jobs.Select(j => j.Id).ToHashSet();
        var busy = jobs.Select(j => j.Cluster).ToHashSet(StringComparer.Ordinal);
        foreach (var debt in await store.DebtsAsync(new DebtFilter(Limit: 5000), ct))
        {
            var isAlone = !atWork.Contains(debt.Job);
            if (debt.Nature == DebtNature.Lapses && isAlone && now >= debt.Deadline)
            {
                await SayAsync(new DebtSettled(now, debt.Id, debt.Cluster, Person.Bot, "it went by itself at its deadline"), [], ct);
                continue;
            }

            // The job must know it itself, for it may stand halted for long: the node's timer has gone off (R10).
            if (debt.Kind == DebtKind.RescueTimer && !isAlone && now >= debt.Deadline + TimerSlack)
            {
                await control.PayDebtAsync(
                    Us(Channel, $"debt-over-{debt.Id}", Rights.Approve), debt.Id, "its time has passed: it went off, unless the machine was started anew before", ct);
                continue;
            }

            if (await HasPaidAsync(debt, atWork, ct) is { } payer)
            {
                await SayAsync(new DebtSettled(now, debt.Id, debt.Cluster, Person.Bot, $"job {payer} undid it"), [], ct);
                continue;
            }

            if (debt.IsOverdue(now) && debt.Told is null)
            {
                var item = new OutboxItem(OutboxItems.Debt, await ChannelAsync(debt, ct), NoticeJson.Write(DebtNotice.Overdue(debt, sandbox)));
                await SayAsync(new DebtOverdue(now, debt.Id, debt.Cluster), [(0, item)], ct);
            }

            if (debt is { Nature: DebtNature.Owed, Undo.ByItself: true } && isAlone && !busy.Contains(debt.Cluster) && IsDue(debt, now)
                && await TryAsync(debt, now, ct))
            {
                busy.Add(debt.Cluster);
            }
        }
    }

    /// <summary>One of ours that halted must not keep the cluster from others: it is tried again later.</summary>
    private async Task EndOwnAsync(ImmutableArray<JobSummary> jobs, CancellationToken ct)
    {
        foreach (var job in jobs.Where(j => j.Operator.Id == Person.Bot.Id && j.State == JobState.Halted))
        {
            await control.AbortAsync(Us(Channel, $"debt-end-{job.Id}"), job.Id, now: false, ct);
        }
    }

    /// <summary>Not every task that undoes knows what is owed (one under <c>always</c> does not): that its one-off ended well is enough.</summary>
    private async Task<JobId?> HasPaidAsync(Debt debt, HashSet<JobId> atWork, CancellationToken ct)
    {
        if (!_payers.TryGetValue(debt.Id, out var payer) || atWork.Contains(payer))
        {
            return null;
        }

        _payers.Remove(debt.Id);
        return (await store.ReadAsync(StreamId.Of(payer), 0, ct)).Any(e => e.Event is Ended { Outcome: JobOutcome.Succeeded }) ? payer : null;
    }

    private bool IsDue(Debt debt, DateTimeOffset now) => !_tries.TryGetValue(debt.Id, out var tried) || now >= tried.Next;

    private async Task<bool> TryAsync(Debt debt, DateTimeOffset now, CancellationToken ct)
    {
        var tries = _tries.GetValueOrDefault(debt.Id).Tries;
        var pause = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(tries, 10), LongestPause.Ticks));
        _tries[debt.Id] = (tries + 1, now + pause);
        var us = Us(await ChannelAsync(debt, ct), FormattableString.Invariant($"debt-{debt.Id}-{now.ToUnixTimeSeconds()}"));
        var request = new TaskRequest(
            us.InteractionId, debt.Undo.Task, debt.Cluster, debt.Undo.Node, debt.Undo.Inputs, $"pays debt {debt.Id} of job {debt.Job}: {debt.What}");
        var why = await control.PlanTaskAsync(us, request, ct) switch
        {
            PlanOutcome.Refused refused => string.Join("; ", refused.Why),
            PlanOutcome.Ready ready => Started(debt, await control.StartAsync(us, ready.Plan, ct)),
            var other => throw new InvalidOperationException($"unknown plan outcome {other}"),
        };
        if (why is not null)
        {
            LogLater(debt.Id, debt.What, pause, why);
        }

        return why is null;
    }

    private string? Started(Debt debt, Outcome outcome)
    {
        if (outcome is Outcome.Done done)
        {
            _payers[debt.Id] = done.Job;
        }

        return (outcome as Outcome.Refused)?.Message;
    }

    private static Actor Us(string channel, string interaction, Rights also = Rights.None) =>
        new(Person.Bot, Rights.Read | Rights.Operate | also, [], channel, interaction);

    private async Task<string> ChannelAsync(Debt debt, CancellationToken ct) =>
        (await store.ReadAsync(StreamId.Of(debt.Job), 0, ct)).Select(e => e.Event).OfType<Created>().FirstOrDefault()?.Channel ?? Channel;

    private Task SayAsync(JournalEvent what, ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct) =>
        store.AppendAsync(StreamId.Bot, -1, 0, [what], outbox, ct);

    [LoggerMessage(Level = LogLevel.Error, Message = "Debts could not be looked at")]
    private partial void LogFailed(Exception why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Debt {Debt} ({What}) can not be paid now, next try in {Pause}: {Why}")]
    private partial void LogLater(string debt, string what, TimeSpan pause, string why);
}
