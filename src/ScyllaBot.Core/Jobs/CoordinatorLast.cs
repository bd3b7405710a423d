using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Within the last zone the raft topology coordinator is started last of all: each restart of it makes the others elect a new one (facts 4.2). Who it
/// is may change while nodes restart, so it is asked anew; where nobody can tell, nodes go by their names.
/// </summary>
/// <param name="leader">Name of the node that leads group0 now.</param>
internal sealed class CoordinatorLast(string leader) : IRollingConstraint
{
    /// <summary>Whom everybody else of the last zone goes before.</summary>
    public string Leader => leader;

    private static readonly StepStamp Stamp = new("plan", "-", 0, 0);

    public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress)
    {
        if (candidate.Name != leader || progress.Begun.Contains(leader))
        {
            return null;
        }

        var waiting = plan.Nodes.Count(n => n.Name != leader && !progress.Done.Contains(n.Name) && !progress.Working.Contains(n.Name));
        return waiting == 0 ? null : $"{leader} is the raft topology coordinator and goes last of all; {waiting} before it";
    }

    /// <returns>The vote, where it could matter now: two or more nodes of the last zone have not begun.</returns>
    public static async Task<CoordinatorLast?> VoteAsync(JobRun run, RollingPlan plan, RollingProgress progress, bool isDisruptive)
    {
        if (!isDisruptive || plan.Waves.IsEmpty || plan.Waves[^1].Nodes.Length < 2
            || plan.Waves[..^1].Any(w => w.Nodes.Any(n => !progress.Done.Contains(n)))
            || plan.Waves[^1].Nodes.Count(n => !progress.Done.Contains(n) && !progress.Working.Contains(n)) < 2)
        {
            return null;
        }

        var snapshot = run.Bound.Watch.Latest ?? await run.Bound.Watch.ReadAsync(TimeSpan.FromSeconds(5), run.HostStopping);
        return await ReadAsync(run.Bound.Cluster, snapshot, run.Ports, run.HostStopping) is { } leader ? new CoordinatorLast(leader) : null;
    }

    /// <summary>As they are chosen while it has its vote: only nodes of the last zone are left then.</summary>
    public static ImmutableArray<string> InTurn(ImmutableArray<string> nodes, string? last) =>
        last is null || !nodes.Contains(last, StringComparer.Ordinal) ? nodes : [.. nodes.Where(n => n != last), last];

    /// <returns>The name of the node that leads group0; null where nobody can tell.</returns>
    public static async Task<string?> ReadAsync(Cluster cluster, ClusterSnapshot snapshot, JobPorts ports, CancellationToken ct)
    {
        try
        {
            return snapshot.Serving() is { } witness
                && await new ScyllaApi(witness.Node, ports.Http, Stamp).RaftLeaderAsync(ct) is { } id
                ? cluster.Nodes.FirstOrDefault(n => n.HostId == id)?.Name : null;
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return null;
        }
    }

    /// <summary>As a plan lists it.</summary>
    public static ImmutableArray<PlanWave> InOrder(ImmutableArray<PlanWave> waves, string? leader, ImmutableArray<PlanStep> steps) =>
        leader is null || waves.IsEmpty || !waves[^1].Nodes.Contains(leader, StringComparer.Ordinal) || !IsDisruptive(steps)
            ? waves
            : waves.SetItem(waves.Length - 1, waves[^1] with { Nodes = [.. waves[^1].Nodes.Where(n => n != leader), leader] });

    public static IEnumerable<string> Words(string? leader, ImmutableArray<PlanWave> waves, ImmutableArray<PlanStep> steps)
    {
        if (IsDisruptive(steps) && waves is [.., { Nodes.Length: > 1 } last])
        {
            yield return leader is null ? "Raft topology coordinator: unknown, so the last zone goes by names"
                : last.Nodes.Contains(leader, StringComparer.Ordinal) ? $"Raft topology coordinator: {leader}, last of the last zone"
                : $"Raft topology coordinator: {leader}";
        }
    }

    private static bool IsDisruptive(ImmutableArray<PlanStep> steps) => steps.Any(s => s.Direction == Direction.TakesDown);
}
