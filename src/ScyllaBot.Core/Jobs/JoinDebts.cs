using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// What a node leaves owing that appears in the ring: cleanup of every older member whose ranges it took, or a repair where it took a dead node's
/// place (facts 4.6, 4.7). Written together with its identity, so neither is ever without the other.
/// </summary>
internal static class JoinDebts
{
    /// <summary>Deleted rows may come back after gc_grace, which is ten days unless somebody changed it.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromDays(7);

    /// <returns>None for a ring that is being founded: nobody had data before.</returns>
    public static async Task<ImmutableArray<JobEvent>> OfAsync(JobRun run, ClusterSnapshot snapshot, string joiner, DateTimeOffset now)
    {
        var workflow = run.Bound.Workflow;
        if (RingChanges.FoundsRing(workflow))
        {
            return [];
        }

        var nature = run.Bound.IsOneStep ? DebtNature.Kept : DebtNature.Owed;
        if (!RingChanges.Ousted(workflow).IsEmpty)
        {
            return
            [
                new DebtOpened(
                    now, null, DebtKind.Repair, joiner, $"{joiner} took a dead node's place: what was written meanwhile may be missing", now + Within, nature,
                    DebtUndo.Of("repair", null, byItself: false)),
            ];
        }

        var olders = snapshot.Members.Where(v => v.Node.Name != joiner).ToArray();
        return !await HasVnodesAsync(run, olders) ? [] :
        [
            .. olders.Select(v => new DebtOpened(
                now, null, DebtKind.Cleanup, v.Node.Name, $"{v.Node.Name} holds rows of ranges that {joiner} took", now + Within, nature,
                DebtUndo.Of("cleanup", v.Node.Name, byItself: false))),
        ];
    }

    /// <summary>Tablets move with their data. What can not be read counts as vnodes.</summary>
    private static async Task<bool> HasVnodesAsync(JobRun run, NodeView[] members)
    {
        if (members.FirstOrDefault(v => v.Serves)?.Node is not { } witness)
        {
            return members.Length > 0;
        }

        try
        {
            var api = new ScyllaApi(witness, run.Ports.Http, new StepStamp(run.Job.Id.Value, "-", 0, 0));
            return !(await api.KeyspacesAsync(tablets: false, run.HostStopping)).IsEmpty;
        }
        catch (Exception unread) when (unread is RecoverableException or UnrecoverableException)
        {
            return true;
        }
    }
}
