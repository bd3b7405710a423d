using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a handback compares and decides (R19).</summary>
internal static class HandbackRules
{
    /// <summary>The workflow's name of a job that only holds a cluster for a human.</summary>
    public const string ByHand = "by-hand";

    public const string ByHandText = """
        name: Work by hand
        cluster_tasks:
          # Handed back, the cluster is free for jobs once everyone sees everyone again.
          - task: !node-workflow
              name: Everyone sees everyone
              concurrency_unit: cluster
              concurrency_limit: 1000
              node_tasks:
                - task: !wait-for-conditions
                    conditions:
                      - condition: !cluster-normal
                        success_window_seconds: 10
                        timeout_seconds: 1800
        """;

    /// <summary>It only holds the cluster for a human: it has no nodes to do, and none comes next.</summary>
    public static bool HasNoNodes(Job job) => string.Equals(job.Birth.WorkflowName, ByHand, StringComparison.Ordinal);

    /// <summary>What it is planned anew for: of a takeover without a job, whoever is in the ring by then, for machines may have come and gone by hand.</summary>
    public static RunRequest Anew(JobRun run) => HasNoNodes(run.Job) ? run.Plan.Request with { Target = new Target.All() } : run.Plan.Request;

    /// <returns>Null: it may be handed back.</returns>
    public static string? WhyNot(Job job, Fleet fleet) => job switch
    {
        { IsOpen: false } => "It has ended.",
        { Pause: not { Cause: PauseCause.ByHand } } => "Nobody works on it by hand.",
        { State: JobState.Pausing } or { Pause.IsHandsOff: false } => $"It is still on its way to the safe point: {string.Join(", ", job.Held.Keys)} finish their own steps.",
        { HasBegun: false } or { Abort: not null } => "Its lease was taken away before it began or while it was ending: end it (/scp abort) and run it anew.",
        _ => fleet.WhyStill(job.Cluster),
    };

    public static ImmutableArray<HandCompared> Compare(JobRun run, ImmutableArray<NodeSeen> now) => [.. now.Select(n => Compare(run, n))];

    /// <returns>What becomes of which node, or what is wrong with what was asked.</returns>
    public static (ImmutableSortedDictionary<string, string> Choices, Outcome.Refused? Wrong) Choices(
        Actor by, Job job, ImmutableArray<HandCompared> compared, ImmutableSortedDictionary<string, string> asked, string? others, ClusterSnapshot snapshot, bool isOwn)
    {
        var choices = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).SetItems(asked);
        var changed = compared.Where(c => c.Status == HandStatus.ChangedByHand && !HasNoNodes(job)).Select(c => c.Node).ToArray();
        var open = changed.Where(n => !choices.ContainsKey(n)).ToArray();
        choices = others is null ? choices : choices.SetItems(open.Select(n => KeyValuePair.Create(n, others)));
        var lax = choices.Where(c => c.Value is HandbackChoice.Done or HandbackChoice.Skip).Select(c => c.Key).ToArray();
        var wrong = choices switch
        {
            _ when choices.FirstOrDefault(c => !HandbackChoice.IsKnown(c.Value)) is { Key: { } odd } => JobControl.Refused($"{odd}: say done, redo or skip."),
            _ when choices.Keys.FirstOrDefault(n => job.Birth.Targets.All(t => t.Name != n)) is { } stranger => JobControl.Refused($"{stranger} is not a target of this job."),
            _ when others is null && open.Length > 0 =>
                JobControl.Refused($"Changed by hand: {string.Join(", ", open)}. Say what becomes of each, such as nodes:\"{open[0]}=done\": done, redo or skip."),
            _ when lax.Length > 0 && !by.May(Rights.Approve) =>
                JobControl.Forbidden($"Marking done and skipping need the approver right: {string.Join(", ", lax)}."),
            _ when lax.Length > 0 && isOwn =>
                JobControl.Forbidden($"On production another approver marks done or skips nodes of your job (R21): {string.Join(", ", lax)}."),
            _ when lax.FirstOrDefault(n => job.Held.ContainsKey(n) && IsDown(snapshot, n)) is { } down =>
                JobControl.Refused($"{down} is down by this job and is neither done nor skipped so (R4): bring it up first, or say redo."),
            _ => null,
        };
        return (choices, wrong);
    }

    public static string Said(ImmutableSortedDictionary<string, string> choices) => choices.IsEmpty
        ? "Handed back: it goes on as a new plan." : $"Handed back: it goes on as a new plan; {string.Join(", ", choices.Select(c => $"{c.Key}: {c.Value}"))}.";

    private static bool IsDown(ClusterSnapshot snapshot, string node) => snapshot.DownInAnyView().Contains(node);

    private static HandCompared Compare(JobRun run, NodeSeen now)
    {
        var before = run.Job.HandsOffNodes.FirstOrDefault(n => n.Node == now.Node);
        var what = before is null ? "unknown: nobody looked at it when the job let go" : string.Join("; ", new[]
        {
            Differs("generation", before.Generation, now.Generation), Differs("version", before.Version, now.Version), Differs("configuration", before.Config, now.Config),
        }.OfType<string>());
        return new HandCompared(now.Node, what.Length > 0 ? HandStatus.ChangedByHand : IsDone(run, now.Node) ? HandStatus.DoneByTheJob : HandStatus.Untouched, what);
    }

    private static string? Differs(string what, string? before, string? now) =>
        string.Equals(before, now, StringComparison.Ordinal) ? null : $"{what} {before ?? "unknown"}, now {now ?? "unknown"}";

    private static bool IsDone(JobRun run, string node)
    {
        var rollouts = run.Bound.Workflow.ClusterTasks.Select((s, i) => (s, i)).Where(x => x.s.Task is NodeWorkflow).Select(x => x.i).ToArray();
        return rollouts.Length > 0 && rollouts.All(i => JobPaths.IsDone(run, i, node));
    }
}
