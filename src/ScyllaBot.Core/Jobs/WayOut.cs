using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>A topology operation of ours that Scylla has at work (R5).</summary>
/// <param name="Node">On whom.</param>
/// <param name="Type">As the task manager calls it.</param>
/// <param name="MayBeAborted">By Scylla's own word.</param>
public sealed record MovementSeen(string Node, string Type, bool MayBeAborted);

/// <summary>R5: what of ours moves, and the documented way out of it: as long as Scylla aborts its task, and never otherwise.</summary>
internal static class WayOut
{
    /// <summary>The task that goes it.</summary>
    public const string Task = "abort-movement";

    /// <summary>A job in one of these states may be asked for it; in all others its own steps look after what they began.</summary>
    public static bool IsFor(Job job) => job is { State: JobState.Aborting or JobState.Halted, IsFinishing: false };

    /// <summary>Nodes of this job whose membership or data may be on the move because of it, however its steps ended.</summary>
    public static ImmutableArray<Node> Movers(JobRun run)
    {
        var own = run.Job.Steps.Values.Where(s => s.Key.Node is not null && JobPaths.StepAt(run.Bound.Workflow, s.Key.Path) is { Tag.Name: "decommission" or "remove-node" or "rebuild" })
            .Select(s => s.Key.Node!).ToImmutableSortedSet(StringComparer.Ordinal);
        return [.. run.Bound.Cluster.Nodes.Where(n => own.Contains(n.Name) || (run.MayBeOut.Contains(n.Name) && run.Job.HasTouched(n.Name)))];
    }

    /// <exception cref="RecoverableException">No node can be asked.</exception>
    public static async Task<ImmutableArray<MovementSeen>> ReadAsync(JobRun run, CancellationToken ct)
    {
        var movers = Movers(run);
        if (movers.IsEmpty)
        {
            return [];
        }

        var running = await RunningMovements.ReadAsync(run.Context(new StepKey("out", null), 0, new NodeRollout(run, -1)), ct);
        return [.. running.SelectMany(r => movers.Where(n => RunningMovements.IsOf(r, n.HostId)).Select(n => new MovementSeen(n.Name, r.Type, r.IsAbortable)))];
    }

    /// <summary>Facts 1.11, 1.12, 1.15, 4.6.</summary>
    public static string Consequence(string type) => type switch
    {
        "decommission" => "it stays a member and serves on",
        "bootstrap" or "replace" => "its host id is banned then: it is wiped before it joins again",
        "remove node" => "the dead node stays listed, and is banned all the same",
        "rebuild" => "its data is incomplete until another rebuild or a repair",
        _ => "what it has done so far is rolled back",
    };
}

/// <summary>Looks what of ours moves while the job is aborting or halted, so that its card can tell.</summary>
internal sealed class MovementWatch(JobRun run)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    /// <summary>Until cancelled or the job has ended. Never throws.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (run.Job.IsOpen)
            {
                var changed = run.Changed.Next;
                if (WayOut.IsFor(run.Job) && !WayOut.Movers(run).IsEmpty)
                {
                    await LookAsync(ct);
                    await Task.Delay(BetweenLooks, run.Time, ct);
                }
                else
                {
                    run.Moving = [];
                    await changed.WaitAsync(ct);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or JobLostException)
        {
            // The job's loop says why.
        }
        catch (Exception broken)
        {
            run.Moving = [];
            run.Log($"The look at what moves broke: {broken}");
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        ImmutableArray<MovementSeen> seen;
        try
        {
            seen = await WayOut.ReadAsync(run, ct);
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            // Nobody can tell now, so no way out is offered either.
            seen = [];
        }

        if (!seen.SequenceEqual(run.Moving))
        {
            run.Moving = seen;
            run.Touch();
        }
    }
}
