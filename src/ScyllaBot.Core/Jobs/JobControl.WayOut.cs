using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    private const string Rejoin = "rejoin_nodes";

    public async Task<Outcome> WayOutAsync(Actor by, JobId job, string node, CancellationToken ct)
    {
        node = node.Length > 0 ? node : engine.Find(job)?.Job.Halt?.Key?.Node ?? "";
        if (!by.May(Rights.Operate) || engine.Find(job) is not { } run || WhyNoWayOut(run.Job, node) is not null)
        {
            return await DoAsync(by, job, Rights.Operate, (j, _) => No(WhyNoWayOut(j, node) ?? "It has just changed; look at it and ask again."));
        }

        MovementSeen? moving;
        try
        {
            moving = await run.Mailbox.PostAsync(async () => (await WayOut.ReadAsync(run, ct)).FirstOrDefault(m => m.Node == node));
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return Refused($"What moves can not be told now: {unreadable.Message}. Nothing was asked for.");
        }

        return moving switch
        {
            null when node.Length == 0 => Refused("Say which node: the halt names none."),
            null => Refused($"No topology operation of {node} is at work: there is nothing to get out of."),
            { MayBeAborted: false } => Refused($"Scylla does not abort the {moving.Type} of {node} now: let it finish. There is no other documented way out."),
            _ => await AskWayOutAsync(by, run, moving),
        };
    }

    public async Task<PlanOutcome> PlanRejoinAsync(Actor by, JobId job, string node, CancellationToken ct) =>
        engine.Find(job)?.Job is not { } found ? new PlanOutcome.Refused([$"There is no open job {job}."])
        : await PlanAsync(by, new RunRequest(
            by.InteractionId, Rejoin, found.Cluster, new Target.Named([node]), ImmutableSortedDictionary<string, string>.Empty,
            $"the join of {node} in job {job} was banned"), ct) is var outcome && outcome is PlanOutcome.Ready ready
            ? new PlanOutcome.Ready(ready.Plan with { Concerns = [.. ready.Plan.Concerns, $"Job {job} holds {found.Cluster}: abort it before you start this."] })
            : outcome;

    private Task<Outcome> AskWayOutAsync(Actor by, JobRun run, MovementSeen moving)
    {
        var need = policy.For(run.Bound.Cluster, WayOut.Task, [new PlanStep("u", WayOut.Task, "", Direction.Neutral, Risk.Destructive, PerNode: true)]);
        var text = engine.TextOf(new TaskRequest(
            by.InteractionId, WayOut.Task, run.Job.Cluster, moving.Node, ImmutableSortedDictionary<string, string>.Empty, ""));
        return DoAsync(by, run.Job.Id, Rights.Operate, (j, now) =>
        {
            if (WhyNoWayOut(j, moving.Node) is { } no)
            {
                return No(no);
            }

            var number = j.Unders.IsEmpty ? 1 : j.Unders.Keys.Max() + 1;
            var asked = new UnderAsked(now, number, by.InteractionId, by.Person, WayOut.Task, text, moving.Node, $"the way out of its {moving.Type}") { Gate = $"out{number}@{moving.Node}" };
            return Yes(
                $"The way out of the {moving.Type} of {moving.Node} waits for its own approval; until then it goes on.",
                asked,
                new ApprovalAsked(
                    now, asked.Gate, $"Abort the {moving.Type} of {moving.Node}? Otherwise it goes on. Aborted, {WayOut.Consequence(moving.Type)}.",
                    need.Approvers, Math.Max(1, need.Count), now + policy.Patience, j.PlanHash));
        });
    }

    private static string? WhyNoWayOut(Job job, string node) => job switch
    {
        { IsOpen: false } => $"Job {job.Id} has ended.",
        _ when !WayOut.IsFor(job) => $"It is {Word(job.State)}: the way out of a movement is for a job that is aborting or halted.",
        { LeaseEpoch: 0 } => $"Job {job.Id} does not hold the lease of {job.Cluster} now.",
        _ when job.Unders.Values.Any(u => u.IsOpen && u.Asked is { Task: WayOut.Task } asked && asked.Node == node) => "It is asked for already: somebody else approves or rejects it.",
        _ => null,
    };
}
