using ScyllaBot.Core.Jobs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>What must be true of every finished run, whatever went wrong on the way (facts/store-and-simulation.md 5, I1 to I10).</summary>
internal static class Invariants
{
    /// <param name="bed">Where it ran.</param>
    /// <param name="id">The job.</param>
    /// <param name="limit">Most nodes down at once.</param>
    /// <param name="manifold">Kinds of effect that one attempt may have several times on a node, such as a repair of each keyspace.</param>
    public static void Hold(EngineBed bed, JobId id, int limit, params string[] manifold)
    {
        var job = bed.Job(id);
        Assert.Equal(JobState.Ended, job.State);
        Assert.Empty(job.Held);
        StartedBeforeItsEffect(bed, id);
        NothingAfterItsSuccess(bed, id);
        OncePerAttempt(bed, manifold);
        OnlyHeldNodesAreTakenDown(bed);
        JournalIsTheTruth(bed, id);
        OneMessagePerHalt(bed, id);

        var verdict = bed.Verdict();
        Assert.Empty(verdict.Violations);
        Assert.False(verdict.TwoZonesEver);
        Assert.False(verdict.RaftMajorityEverLost);
        Assert.InRange(verdict.MaxDown, 0, limit);
        Assert.True(verdict.Healthy, string.Join('\n', verdict.Why));
    }

    /// <summary>The journal of the history up to each effect, with the effect.</summary>
    private static IEnumerable<(Effect Effect, JobEvent[] Before, JobEvent[] After)> Effects(EngineBed bed) => bed.History
        .Select((h, i) => (Effect: h as Effect, At: i))
        .Where(x => x.Effect?.Step is not null)
        .Select(x => (x.Effect!, bed.History.Take(x.At).OfType<JobEvent>().ToArray(), bed.History.Skip(x.At).OfType<JobEvent>().ToArray()));

    private static (string Job, StepKey Key, int Attempt) StampOf(Effect effect)
    {
        var parts = effect.Step!.Split('/');
        return (parts[0], new StepKey(parts[1], effect.Node), int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void StartedBeforeItsEffect(EngineBed bed, JobId id)
    {
        foreach (var (effect, before, _) in Effects(bed))
        {
            var (job, key, attempt) = StampOf(effect);
            Assert.Equal(id.Value, job);
            Assert.Contains(before.OfType<StepStarted>(), s => IsOf(key, s.Key) && s.Attempt == attempt);
        }
    }

    private static void NothingAfterItsSuccess(EngineBed bed, JobId id)
    {
        foreach (var (effect, before, _) in Effects(bed).Where(e => StampOf(e.Effect).Job == id.Value))
        {
            // Bringing a node up from the middle of its steps undoes them.
            var undone = Array.FindLastIndex(before, e => e is NodeReleased { Anew: not null } r && r.Node == effect.Node);
            Assert.DoesNotContain(before.Skip(undone + 1).OfType<StepSucceeded>(), s => IsOf(StampOf(effect).Key, s.Key));
        }
    }

    /// <summary>A cluster step has effects on nodes too.</summary>
    private static bool IsOf(StepKey effect, StepKey step) => step.Path == effect.Path && (step.Node is null || step.Node == effect.Node);

    private static void OncePerAttempt(EngineBed bed, string[] manifold) => Assert.All(
        bed.Effects.Where(e => e.Step is not null && !manifold.Contains(e.Kind, StringComparer.Ordinal)).GroupBy(e => (e.Node, e.Step, e.Kind)), same => Assert.Single(same));

    private static void OnlyHeldNodesAreTakenDown(EngineBed bed)
    {
        foreach (var (effect, before, _) in Effects(bed).Where(e => e.Effect.Kind is "drain" or "stop"))
        {
            var last = before.LastOrDefault(e => (e is NodeHeld h && h.Node == effect.Node) || (e is NodeReleased r && r.Node == effect.Node));
            Assert.IsType<NodeHeld>(last);
        }
    }

    private static void JournalIsTheTruth(EngineBed bed, JobId id)
    {
        var journal = bed.Store.Inner.Journal.Where(e => e.Stream == StreamId.Of(id)).Select(e => (JobEvent)e.Event).ToArray();
        Assert.Equal(journal, bed.Events);
        var fold = Job.From(id, journal);
        var summary = Assert.Single(bed.Stored(s => s.ListJobsAsync(new JobFilter(), CancellationToken.None)), j => j.Id == id);
        Assert.Equal(Projection.Summary(fold), summary);
        var lease = Projection.Leases(journal.Select(e => (id, e)))[bed.Cluster.Name];
        Assert.Equal(lease, bed.Stored(s => s.LeaseAsync(bed.Cluster.Name, CancellationToken.None)));
        Assert.Null(lease.Job);
    }

    /// <summary>R7, I6.</summary>
    private static void OneMessagePerHalt(EngineBed bed, JobId id)
    {
        var rows = bed.Stored(s => s.OutboxAsync(id, CancellationToken.None));
        Assert.Equal(bed.Events.OfType<Halted>().Count(), rows.Count(r => r.Kind == "halt"));
        Assert.Single(rows, r => r.Kind == "end");
    }
}
