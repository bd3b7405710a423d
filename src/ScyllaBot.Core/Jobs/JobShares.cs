using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What an earlier job left over, read off its journal.</summary>
public enum JobShare
{
    /// <summary>Nodes it was for, or that <c>stop_after</c> left, and whose steps have not all passed.</summary>
    NotDone,

    /// <summary>Nodes that it gave up, or whose last word is a failed step.</summary>
    Failed,
}

/// <summary>Narrows the targets to a share of an earlier job's.</summary>
public sealed record FromJob(JobId Job, JobShare Share);

/// <summary>Which nodes of an earlier job are meant.</summary>
internal sealed class JobShares(IJobStore store, WorkflowBinder binder)
{
    private const int Shown = 12;

    /// <returns>The nodes that remain, or a sentence that says why that can not be told.</returns>
    public async Task<(ImmutableArray<Node> Nodes, string? Error)> NarrowAsync(Cluster cluster, FromJob from, ImmutableArray<Node> nodes, CancellationToken ct)
    {
        var entries = await store.ReadAsync(StreamId.Of(from.Job), 0, ct);
        if (entries.IsEmpty)
        {
            var known = await store.ListJobsAsync(new JobFilter(cluster.Name, Limit: Shown), ct);
            return ([], $"There is no job {Hint.Cut(from.Job.Value)}. {Hint.Of(from.Job.Value, known.Select(j => j.Id.Value))}");
        }

        var job = Job.From(from.Job, entries.Select(e => (JobEvent)e.Event));
        if (!string.Equals(job.Cluster, cluster.Name, StringComparison.Ordinal))
        {
            return ([], $"Job {job.Id} was for {job.Cluster}, not for {cluster.Name}.");
        }

        if (Named(job, from.Share, cluster) is not { } names)
        {
            return ([], $"The workflow of job {job.Id} no longer binds here, so it can not be told which nodes it has done: name them.");
        }

        ImmutableArray<Node> rest = [.. nodes.Where(n => names.Contains(n.Name))];
        var what = from.Share == JobShare.Failed ? "failed in" : "is left over of";
        return (rest, rest.IsEmpty ? $"No node of these {what} job {job.Id}: nothing is left to do." : null);
    }

    private ImmutableSortedSet<string>? Named(Job job, JobShare share, Cluster cluster)
    {
        if (share == JobShare.Failed)
        {
            return job.SkippedNodes.Keys.Concat(job.Steps.Values.Where(s => s.Key.Node is not null && s.Status == StepStatus.Failed).Select(s => s.Key.Node!))
                .ToImmutableSortedSet(StringComparer.Ordinal);
        }

        var values = new WorkflowValues { Cluster = cluster, JobId = job.Id.Value, Operator = job.Birth.Operator.Name, Given = job.Birth.Variables };
        return binder.Bind(job.Birth.WorkflowName, job.Birth.WorkflowText, values).Loaded is not { } loaded ? null
            : job.Birth.Targets.Select(t => t.Name).Where(n => job.SkippedNodes.ContainsKey(n) || !IsDone(job, loaded.Workflow, n))
                .Concat(job.Birth.Scope?.Left ?? []).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static bool IsDone(Job job, Workflow workflow, string node) => job.MarkedDone.Contains(node) || Enumerable.Range(0, workflow.ClusterTasks.Count)
        .All(i => workflow.ClusterTasks[i].Task is not NodeWorkflow nodes
            || job.PassedOver.ContainsKey(new StepKey(JobPaths.Cluster(i), node))
            || Enumerable.Range(0, nodes.NodeTasks.Count).All(k => job.HasPassed(JobPaths.Node(i, k, node))));
}
