using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>R29: on a cluster in step mode a human says before each node that it may begin; journalled, so it is asked once over restarts.</summary>
internal static class StepMode
{
    /// <summary>What the one button says.</summary>
    public static string GoOn(string node) => $"Go on with {node}";

    /// <summary>A node that is in the middle of its steps goes on without being asked for.</summary>
    /// <exception cref="OperationCanceledException">The job is no longer running; it asks again where it stands.</exception>
    public static async Task AskAsync(JobRun run, string path, Node node)
    {
        var isNew = run.Job.Birth.WorkflowName != HandbackRules.ByHand && !run.Job.Held.ContainsKey(node.Name) && !JobPaths.Touched(run.Job, path).Contains(node.Name);
        if (run.Bound.Cluster.Mode == ClusterMode.Step && isNew)
        {
            var question = new HumanQuestion($"{run.Job.Cluster} is in step mode: {node.Name} ({node.Zone}) is next.", [GoOn(node.Name)], null);
            await new JobQuestions(run, new StepKey($"{path}.go", node.Name)).AskAsync(question, CancellationToken.None);
        }
    }
}
