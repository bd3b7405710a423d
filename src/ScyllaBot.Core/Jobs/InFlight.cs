using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Something of ours that is not cut, whoever aborts (R5).</summary>
/// <param name="Host">Where.</param>
/// <param name="What">A few words.</param>
/// <param name="WayOut">What Scylla's documentation knows besides letting it finish; a sentence.</param>
public sealed record MovementInFlight(string Host, string What, string WayOut)
{
    /// <summary>Scylla would abort it: the way out may be asked for.</summary>
    public bool MayBeAborted { get; init; }
}

/// <summary>R5: an abort waits for what moves data, keeps the lease meanwhile, and says what the way out would be.</summary>
internal static class InFlight
{
    private const string Joining = "Stop scylla-server there, remove what is pending by its host id from a live node, and wipe its data before it joins again: its host id is banned then.";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    public static ImmutableArray<MovementInFlight> Of(JobRun run)
    {
        var steps = run.Job.Steps.Values.Where(s => s.Status == StepStatus.Started)
            .Select(s => (s.Key, At: JobPaths.StepAt(run.Bound.Workflow, s.Key.Path)))
            .Where(s => s.At is { Tag.Interruptible: Interruptible.No })
            .Select(s => new MovementInFlight(s.Key.Node ?? run.Job.Cluster, s.At!.Value.Title, WayOutOf(s.At.Value.Tag.Name)));
        ImmutableArray<MovementInFlight> told = [.. steps, .. Joiners(run, run.Bound.Watch.Latest).Select(n => new MovementInFlight(n, "it joins the ring", Joining))];
        var others = run.Moving.Where(m => told.All(t => t.Host != m.Node)).Select(m => new MovementInFlight(m.Node, m.Type, WayOutOf(m.Type)));
        return [.. told.Concat(others).Select(m => run.Moving.Any(s => s.Node == m.Host && s.MayBeAborted)
            ? m with { WayOut = $"Scylla would still abort it; then {WayOut.Consequence(run.Moving.First(s => s.Node == m.Host).Type)}.", MayBeAborted = true } : m)];
    }

    /// <summary>Nodes that this job started and that still join, by their own word: their request goes on whatever becomes of the job.</summary>
    public static IEnumerable<string> Joiners(JobRun run, ClusterSnapshot? snapshot) => snapshot is null ? []
        : run.Bound.Cluster.Nodes.Where(n => run.MayBeOut.Contains(n.Name) && run.Job.HasTouched(n.Name))
            .Where(n => snapshot.Views.FirstOrDefault(v => v.Node.Name == n.Name)?.Mode is "JOINING" or "BOOTSTRAP").Select(n => n.Name);

    /// <summary>What moves because of us is not left to the next job: the lease is kept until it has ended, well or not.</summary>
    /// <returns>True after a while of waiting; false when there is nothing to wait for.</returns>
    public static async Task<bool> WaitAsync(JobRun run)
    {
        if (run.Job.IsFinishing || WayOut.Movers(run).IsEmpty)
        {
            return false;
        }

        var changed = run.Changed.Next;
        try
        {
            if (!Joiners(run, await run.Bound.Watch.ReadAsync(BetweenLooks / 2, run.HostStopping)).Any() && (await WayOut.ReadAsync(run, run.HostStopping)).IsEmpty)
            {
                return false;
            }
        }
        catch (RecoverableException)
        {
            // Nobody can tell now.
        }

        await changed.WaitAsync(BetweenLooks, run.HostStopping);
        return true;
    }

    /// <summary>Facts 1.11, 1.12, 4.8, 4.9.</summary>
    private static string WayOutOf(string tag) => tag switch
    {
        "decommission" => "There is none once it streams: a restart of the node makes it fail and the node stays a member, which is no undo. Let it finish.",
        "remove-node" or "remove node" => "There is none: the node is banned whatever becomes of it. Let it finish.",
        "rebuild" => "A restart of the node ends it; its data is then incomplete until another rebuild or a repair.",
        "repair" or "manager-repair" => "Stopping it leaves the rest unrepaired, no more than that.",
        _ => "None is known. Let it finish.",
    };
}
