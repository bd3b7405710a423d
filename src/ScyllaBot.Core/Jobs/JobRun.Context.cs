using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobRun
{
    private Plan? _plan;

    /// <summary>The plan as the journal and the workflow tell it: names of steps and the order of zones, for cards.</summary>
    public Plan Plan => _plan ??= JobPlan.Of(Job.Birth, Bound);

    /// <summary>As the cluster's inventory says, or the host.</summary>
    public GuardSettings GuardSettings => Bound.Cluster.Guards ?? Ports.Guards;

    /// <summary>A context for one attempt of one step.</summary>
    public ClusterContext Context(StepKey key, int attempt, IFanOut fanOut)
    {
        var state = Job.Step(key);
        var stamp = new StepStamp(Job.Id.Value, key.Path, attempt, Job.FencingEpoch) { ReceiptAttempt = state?.ReceiptAttempt ?? attempt, Node = key.Node };
        var log = new StepLog(Ports.Log, Time, Job.Id.Value, key.Path, key.Node);
        var since = state?.FirstStarted ?? Time.GetUtcNow();
        return new ClusterContext
        {
            Cluster = Bound.Cluster,
            Stamp = stamp,
            Held = () => Job.Excepted(),
            MayBeOut = MayBeOut,
            IsWayOut = () => Job.Abort is not null,
            Watch = Bound.Watch,
            Inventory = Ports.Inventory.Current,
            Approvers = () => Approvers(key),
            Http = Ports.Http,
            Commands = Ports.Commands,
            Announce = new Announcer(this, key),
            FanOut = fanOut,
            Judgement = Ports.Judgement,
            Log = log,
            Time = Time,
            Wait = new ConditionWait(Time, since, key, log, (condition, wait) => Report(key, condition, wait)) { Begun = state?.Begun ?? since },
            Receipts = new ReceiptBook(state?.Unsettled ?? []),
            Baseline = number => key.Node is { } node ? Job.Baseline(node, number) : null,
            People = new JobQuestions(this, key),
            Debts = new JobDebts(this, key),
            Units = new JobUnits(this, key),
        };
    }

    /// <summary>R14: what a task says goes through the outbox of the job, once per step.</summary>
    private sealed class Announcer(JobRun run, StepKey key) : IAnnounce
    {
        public Task SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct) => run.AppendAsync(job =>
            job.Announcements.Contains(key) ? [] : [new Announced(run.Time.GetUtcNow(), key, [.. channels], message)]);
    }
}
