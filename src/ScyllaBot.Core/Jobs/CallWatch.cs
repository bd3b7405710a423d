using System.Text.Json;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>R7: calls again while a halt is not acknowledged, and about nodes that are down by us for long. All of it is in the journal, so a restart rings nobody twice.</summary>
internal sealed class CallWatch(JobRun run)
{
    private const string HintOption = "max_hint_window_in_ms";
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    /// <summary>Deleted rows may come back after gc_grace, which is ten days unless somebody changed it.</summary>
    private static readonly TimeSpan RepairWithin = TimeSpan.FromDays(7);

    private TimeSpan? _window;

    private CallSettings Settings => run.Ports.Calls.For(run.Bound.Cluster);

    /// <summary>Until cancelled or the job has ended. Never throws.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (run.Job.IsOpen)
            {
                var changed = run.Changed.Next;
                await CallAsync();
                await LookAtHeldAsync(ct);
                var left = NextLook() - run.Time.GetUtcNow();
                await changed.WaitAsync(left is null ? Timeout.InfiniteTimeSpan : left > TimeSpan.Zero ? left.Value : TimeSpan.FromMilliseconds(1), ct);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or JobLostException)
        {
            // The job's loop says why.
        }
        catch (Exception broken)
        {
            new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, "", null).Write($"Calls broke: {broken}");
        }
    }

    /// <summary>When the open halt calls next; null when it does not.</summary>
    internal static DateTimeOffset? NextCall(Job job, CallSettings settings) => job switch
    {
        { State: not JobState.Halted } or { Halt: null } or { HaltIsAcknowledged: true } => null,
        { LastCall: { } last } => last.At + settings.Every,
        _ => job.Halt.At + (job.Held.Count > 0 ? settings.AfterDown : settings.After),
    };

    private Task CallAsync()
    {
        var now = run.Time.GetUtcNow();
        return run.AppendAsync(job => NextCall(job, Settings) <= now ? [new HaltCalled(now, (job.LastCall?.Round ?? 0) + 1)] : []);
    }

    private DateTimeOffset? NextLook()
    {
        var now = run.Time.GetUtcNow();
        var times = run.Job.Held.Values.Select(h => DueOf(run.Job, h, _window ?? Settings.HintWindow)).OfType<DateTimeOffset>()
            .Select(due => due > now ? due : now + BetweenLooks).Cast<DateTimeOffset?>().Append(NextCall(run.Job, Settings)).ToArray();
        return times.Min();
    }

    /// <summary>When a held node's next alarm is due; null after the last. One that is only joining is down for nobody: nobody keeps hints for it.</summary>
    private static DateTimeOffset? DueOf(Job job, HeldNode held, TimeSpan window) => job.BringsIn(held.Node) ? null : job.DownLong.GetValueOrDefault(held.Node) switch
    {
        { IsOver: true } => null,
        { } half => held.Since + half.Window,
        null => held.Since + (window / 2),
    };

    private async Task LookAtHeldAsync(CancellationToken ct)
    {
        var now = run.Time.GetUtcNow();
        if (run.Job.Held.Values.All(h => DueOf(run.Job, h, _window ?? Shortest) is not { } due || due > now))
        {
            return;
        }

        var snapshot = await SnapshotAsync(ct);
        var window = _window ??= await WindowAsync(snapshot, ct);
        await run.AppendAsync(job => [.. job.Held.Values.Where(h => DueOf(job, h, window) <= now && !IsNew(job, h.Node) && IsDown(snapshot, h.Node)).SelectMany(h => Alarm(job, h, window, now))]);
    }

    // Before the window is known, it is asked for early enough.
    private TimeSpan Shortest => Settings.HintWindow / 2;

    private static IEnumerable<JobEvent> Alarm(Job job, HeldNode held, TimeSpan window, DateTimeOffset now)
    {
        if (!JobTransitions.IsWorking(job.State))
        {
            yield break;
        }

        var isOver = now - held.Since >= window;
        yield return new NodeDownLong(now, held.Node, held.Since, window, isOver);
        if (isOver && job.Debts.Values.All(d => d.Kind != DebtKind.Repair || d.Subject != held.Node))
        {
            yield return new DebtOpened(
                now, held.Key, DebtKind.Repair, held.Node,
                $"{held.Node} was down for longer than hints are kept ({window.TotalHours:0.#} h): writes are missing there", now + RepairWithin, DebtNature.Owed,
                DebtUndo.Of("repair", null, byItself: false));
        }
    }

    /// <summary>Nobody keeps hints for a node that is not a member yet.</summary>
    private static bool IsNew(Job job, string node) => job.Birth.Targets.Any(t => t.Name == node && t.HostId == Guid.Empty);

    /// <summary>Who serves again and only waits for its health is not down any more. Without a view it counts as down.</summary>
    private static bool IsDown(ClusterSnapshot? snapshot, string node) => snapshot is null || snapshot.DownInAnyView().Contains(node);

    private async Task<ClusterSnapshot?> SnapshotAsync(CancellationToken ct)
    {
        try
        {
            return await run.Bound.Watch.ReadAsync(Freshness, ct);
        }
        catch (Exception unread) when (unread is RecoverableException or UnrecoverableException)
        {
            return null;
        }
    }

    /// <summary>The others keep the hints, so one of them is asked for how long.</summary>
    private async Task<TimeSpan> WindowAsync(ClusterSnapshot? snapshot, CancellationToken ct)
    {
        var witness = snapshot?.Witnesses.FirstOrDefault(v => !run.Job.Held.ContainsKey(v.Node.Name))?.Node;
        try
        {
            var said = witness is null ? null
                : await new ScyllaApi(witness, run.Ports.Http, new StepStamp(run.Job.Id.Value, "-", 0, 0)).ConfigAsync(HintOption, ct);
            return said is { ValueKind: JsonValueKind.Number } ms && ms.TryGetInt64(out var n) && n > 0 ? TimeSpan.FromMilliseconds(n)
                : said is { ValueKind: JsonValueKind.String } text && long.TryParse(text.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var m) && m > 0
                    ? TimeSpan.FromMilliseconds(m) : Settings.HintWindow;
        }
        catch (Exception unread) when (unread is RecoverableException or UnrecoverableException)
        {
            return Settings.HintWindow;
        }
    }
}
