using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// R26 as steps of a job: <c>s1</c> suspends Scylla Manager before the first step that takes a node down or changes who is in the ring, <c>e1</c> resumes
/// it after the last one, or at the end whatever happened. A job that takes longer than a day resumes it in between (<c>e1</c>) and suspends it anew
/// (<c>s2</c>). What the Manager's own tasks do and leave undone stands there: only what we suspended is resumed, a running task is waited for.
/// </summary>
internal static class RepairRounds
{
    /// <summary>A repair may take days; whoever waits longer is called.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    public static Step<ClusterContext> Suspend { get; } = new() { Task = new ManagerSuspend { Patience = Patience }, Retries = 3, RetryDelay = TimeSpan.FromSeconds(30) };

    public static Step<ClusterContext> Resume { get; } = new() { Task = new ManagerResume { StartMissed = true }, Retries = 3, RetryDelay = TimeSpan.FromSeconds(30) };

    public static StepKey SuspendKey(int round) => new($"s{round.ToString(CultureInfo.InvariantCulture)}", null);

    public static StepKey ResumeKey(int round) => new($"e{round.ToString(CultureInfo.InvariantCulture)}", null);

    /// <summary>A one-off task (R18) suspends nothing: it is over as soon as it has passed, and what it leaves behind needs no quiet.</summary>
    public static RepairPolicy PolicyOf(Workflow workflow, Cluster cluster) => workflow.Repairs == RepairPolicy.Suspend && (cluster.Manager is null || workflow.IsOneStep)
        ? RepairPolicy.Wait : workflow.Repairs;

    /// <summary>It takes a node down or changes who is in the ring.</summary>
    public static bool Disrupts(object task, TagAttribute tag) => tag.Direction == Direction.TakesDown || task is IChangesMembership;

    public static bool Disrupts(Step<ClusterContext> step) => WorkflowParts.Of([step]).Any(p => Disrupts(p.Task, p.Tag));

    /// <returns>The step of such a place; null when it is another's.</returns>
    public static Step<ClusterContext>? StepAt(string path) => path.Length > 1 && path.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
        ? path[0] switch { 's' => Suspend, 'e' => Resume, _ => null } : null;

    /// <summary>How often it was suspended, and whether it is so now.</summary>
    public static (int Round, bool IsOpen) Of(Job job)
    {
        var round = 0;
        while (job.Step(SuspendKey(round + 1)) is not null)
        {
            round++;
        }

        return (round, round > 0 && !job.HasPassed(ResumeKey(round)));
    }

    /// <summary>As a plan lists them: first and last.</summary>
    public static ImmutableArray<PlanStep> Around(ImmutableArray<PlanStep> steps, Workflow workflow, Cluster cluster) =>
        PolicyOf(workflow, cluster) != RepairPolicy.Suspend || !workflow.ClusterTasks.Any(Disrupts) ? steps
            : [Line(SuspendKey(1), Suspend, "before the first node: "), .. steps, Line(ResumeKey(1), Resume, "after the last node, whatever happened: ")];

    private static PlanStep Line(StepKey key, Step<ClusterContext> step, string when) =>
        new(key.Path, step.Title, $"{when}{step.Tag.Name}", step.Tag.Direction, step.Tag.Risk, PerNode: false);
}
