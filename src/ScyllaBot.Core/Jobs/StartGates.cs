using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Why no node is taken down now although the cluster could bear it.</summary>
/// <param name="Why">As an operator reads it.</param>
/// <param name="Look">When to look again.</param>
public sealed record ClosedGate(string Why, TimeSpan Look);

/// <summary>
/// What a workflow says about the time for its disruptive steps: its <c>window</c>, its <c>repairs</c> (R26), and guards that can be read (R6). Nobody is held back from finishing,
/// and nobody is called: it opens by itself.
/// </summary>
internal sealed class StartGates(JobRun run)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenGuards = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    /// <summary>R26: a suspension that lasts this long lets due repairs through.</summary>
    private static readonly TimeSpan LongestSuspension = TimeSpan.FromHours(24);

    /// <summary>A Manager that was resumed begins what it missed within seconds.</summary>
    private static readonly TimeSpan Dwell = TimeSpan.FromMinutes(2);

    private DateTimeOffset? _silentSince;

    public RepairPolicy Repairs { get; } = RepairRounds.PolicyOf(run.Bound.Workflow, run.Bound.Cluster);

    /// <param name="takesDown">Null when no such step is ahead; false for one that only changes who is in the ring.</param>
    /// <exception cref="UnrecoverableException">For long nobody could tell whether a repair runs.</exception>
    public async Task<ClosedGate?> ReadAsync(bool takesDown, CancellationToken ct)
    {
        if (takesDown && MaintenanceWindows.WhyNot(run.Bound.Workflow.Window, run.Time.GetUtcNow()) is var (why, until))
        {
            return new ClosedGate(why, until is { } wait && wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1));
        }

        if (takesDown && run.Guards.Unknown is { } unknown)
        {
            return new ClosedGate(unknown, BetweenGuards);
        }

        return Repairs == RepairPolicy.Allow ? null
            : IsOverdue ? new ClosedGate($"Scylla Manager has been suspended for {LongestSuspension.TotalHours:0} h: due repairs go first, once no node is at work", BetweenLooks)
            : await RepairsAsync(ct) ?? (IsToBeSuspended ? new ClosedGate("nothing is due any more; Scylla Manager is suspended anew first", BetweenLooks) : null);
    }

    /// <summary>Before the first disruptive step.</summary>
    public async Task SuspendAsync()
    {
        if (Repairs == RepairPolicy.Suspend && RepairRounds.Of(run.Job) is (0, _) or (1, true))
        {
            await RunAsync(RepairRounds.Suspend, RepairRounds.SuspendKey(1));
        }
    }

    /// <summary>After the last disruptive step, and at the end of a job.</summary>
    public async Task ResumeAsync(Func<Step<ClusterContext>, StepKey, Task>? run1 = null)
    {
        if (RepairRounds.Of(run.Job) is (var round, true))
        {
            await (run1 is null ? RunAsync(RepairRounds.Resume, RepairRounds.ResumeKey(round)) : run1(RepairRounds.Resume, RepairRounds.ResumeKey(round)));
        }
    }

    /// <summary>At a safe point of a rollout: resumes what was suspended for too long, and suspends it again when nothing is due any more.</summary>
    /// <returns>False: nothing was to be done.</returns>
    public async Task<bool> LetThroughAsync()
    {
        var (round, isOpen) = RepairRounds.Of(run.Job);
        if (Repairs != RepairPolicy.Suspend || round == 0 || (isOpen && !IsOverdue && run.Job.HasPassed(RepairRounds.SuspendKey(round))))
        {
            return false;
        }

        if (isOpen)
        {
            var resumes = run.Job.HasPassed(RepairRounds.SuspendKey(round));
            await RunAsync(resumes ? RepairRounds.Resume : RepairRounds.Suspend, resumes ? RepairRounds.ResumeKey(round) : RepairRounds.SuspendKey(round));
            return true;
        }

        if (await RepairsAsync(run.HostStopping) is not null)
        {
            return false;
        }

        await RunAsync(RepairRounds.Suspend, RepairRounds.SuspendKey(round + 1));
        return true;
    }

    private bool IsOverdue => Repairs == RepairPolicy.Suspend && RepairRounds.Of(run.Job) is (var round, true)
        && run.Job.Step(RepairRounds.SuspendKey(round)) is { Status: StepStatus.Succeeded } since && run.Time.GetUtcNow() - since.Updated >= LongestSuspension;

    /// <summary>It was resumed in between, or is about to be suspended anew.</summary>
    private bool IsToBeSuspended => LettingThrough is not null
        || (Repairs == RepairPolicy.Suspend && RepairRounds.Of(run.Job) is (> 1 and var round, true) && !run.Job.HasPassed(RepairRounds.SuspendKey(round)));

    /// <summary>It has been resumed in between, and what was due may be at work.</summary>
    private DateTimeOffset? LettingThrough => Repairs == RepairPolicy.Suspend && RepairRounds.Of(run.Job) is (> 0 and var round, false)
        ? run.Job.Step(RepairRounds.ResumeKey(round))!.Updated : null;

    private async Task<ClosedGate?> RepairsAsync(CancellationToken ct)
    {
        try
        {
            var why = await WhyNotAsync(ct);
            _silentSince = null;
            return why is null ? null : new ClosedGate(why, BetweenLooks);
        }
        catch (RecoverableException unreadable)
        {
            var now = run.Time.GetUtcNow();
            _silentSince ??= now;
            return now - _silentSince < LongestSilence
                ? new ClosedGate($"whether a repair runs can not be told: {unreadable.Message}", TimeSpan.FromSeconds(10))
                : throw new UnrecoverableException($"for {LongestSilence.TotalMinutes:0} min nobody could tell whether a repair runs: {unreadable.Message}", unreadable);
        }
    }

    private async Task<string?> WhyNotAsync(CancellationToken ct)
    {
        var snapshot = await run.Bound.Watch.ReadAsync(Freshness, ct);
        var absent = run.Bound.Cluster.Nodes.Where(n => !n.IsInRing || snapshot.ServesNobody(n) || run.Job.Held.ContainsKey(n.Name))
            .Select(n => n.Name).Concat(snapshot.OutOfRing(run.MayBeOut)).ToImmutableSortedSet(StringComparer.Ordinal);
        var context = run.Context(new StepKey("repairs", null), 0, new NodeRollout(run, -1)) with { Held = () => absent };
        if (LettingThrough is { } since)
        {
            var running = await ManagerIdle.RunningAsync(ScyllaManager.Of(context), ct);
            return running.Length > 0 ? $"due work of Scylla Manager goes first: {string.Join(", ", running.Select(t => t.ToString()))}"
                : run.Time.GetUtcNow() - since < Dwell ? "Scylla Manager was resumed, so that due repairs may begin"
                : Waits(await new RepairFinished().WhyNotAsync(context, ct));
        }

        if (Repairs == RepairPolicy.Wait && run.Bound.Cluster.Manager is not null && await new ManagerIdle().WhyNotAsync(context, ct) is { } busy)
        {
            return Waits(busy);
        }

        return Waits(await new RepairFinished().WhyNotAsync(context, ct));
    }

    private static string? Waits(string? why) => why is null ? null : $"a repair is not stopped but waited for: {why}";

    private Task RunAsync(Step<ClusterContext> step, StepKey key)
    {
        var fanOut = new NodeRollout(run, -1);
        return new StepRunner<ClusterContext>(run, step, key, attempt => run.Context(key, attempt, fanOut)).RunAsync();
    }
}

/// <summary>A closed gate's vote: whoever has a disruptive step ahead and is not down by us waits.</summary>
internal sealed class GateVote(ClosedGate gate, Func<string, bool> isAhead) : IRollingConstraint
{
    public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress) => isAhead(candidate.Name) ? gate.Why : null;
}
