using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Core.Tests.Scylla.Data;

/// <summary>Short ways to run one task or condition through the real engine against the simulated cluster.</summary>
internal static class DataBed
{
    /// <summary>One cluster step.</summary>
    public static EngineBed Of(string task) => new(options: BedWorkflows.OfCluster($"- task: !{task}"));

    /// <summary>The same over the search cluster, whose user keyspace has tablets.</summary>
    public static EngineBed Tablets(string task) => new(options: BedWorkflows.OfCluster($"- task: !{task}") with { Plan = ClusterPlan.SearchStaging });

    public static JobId Begin(this EngineBed bed) => bed.Start(BedPeople.Own() with { Cluster = bed.Cluster.Name });

    public static JobId ToEnd(this EngineBed bed)
    {
        var id = bed.Begin();
        bed.Until(() => bed.Job(id).State is JobState.Ended or JobState.Halted, TimeSpan.FromDays(2));
        return id;
    }

    public static string Halt(this EngineBed bed) => Assert.Single(bed.Events.OfType<Halted>()).Why;

    public static SimScyllaManager Manager(this EngineBed bed) => bed.World.Clusters[0].Services.OfType<SimScyllaManager>().Single();

    public static ManagerTask Weekly(this EngineBed bed) => bed.Manager().Tasks.All.Single(t => t.Name == "all-weekly");

    public static int Count(this EngineBed bed, string kind) => bed.Effects.Count(e => e.Kind == kind);

    /// <summary>Does something inside a step, where a whole context is at hand.</summary>
    public static T Ask<T>(Func<EngineBed, ClusterContext, CancellationToken, Task<T>> ask, EngineBed? on = null)
    {
        using var own = on is null ? Of("probe") : null;
        var bed = on ?? own!;
        T? answer = default;
        bed.Ports.ProbeAsync = async (_, context, ct) => answer = await ask(bed, context, ct);
        var id = bed.ToEnd();
        Assert.True(bed.Job(id).State == JobState.Ended, bed.Describe());
        return answer!;
    }

    public static string? WhyNot(EngineBed bed, ICondition<ClusterContext> condition) => Ask((_, context, ct) => condition.WhyNotAsync(context, ct), bed);

    public static string? WhyNot(EngineBed bed, ICondition<NodeContext> condition, string node, Func<NodeContext, NodeContext>? with = null) => Ask(
        (_, context, ct) =>
        {
            var focused = new NodeContext(context, context.Cluster.Find(node)!);
            return condition.WhyNotAsync(with is null ? focused : with(focused), ct);
        },
        bed);

    public static void Stop(this EngineBed bed, string node) => bed.World.Agenda.Run(() => { _ = bed.Sim(node).Unit.StopAsync(Cause.Nobody); });

    public static void Boot(this EngineBed bed, string node) => bed.World.Agenda.Run(() => { _ = bed.Sim(node).Unit.StartAsync(Cause.Nobody, "start"); });
}
