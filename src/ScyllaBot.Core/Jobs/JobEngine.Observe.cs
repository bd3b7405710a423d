namespace ScyllaBot.Core.Jobs;

public sealed partial class JobEngine
{
    /// <summary>Open jobs that are not at work here because they can not go on.</summary>
    public int StuckCount => _stuck.Count;

    /// <summary>Open jobs have been taken up.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Completes when the scheduler of every job at work here has answered: none of them is stuck in a call that does not return.</summary>
    public async Task PulseAsync()
    {
        foreach (var answer in Runs.Select(run => run.Mailbox.PostAsync(() => Task.CompletedTask)).ToArray())
        {
            await answer;
        }
    }

    /// <summary>The tag of a step's task, for whoever counts; null when the job is not at work here or has no such step.</summary>
    public string? TaskOf(JobId job, string path) => Find(job) is { } run ? JobPaths.StepAt(run.Bound.Workflow, path)?.Tag.Name : null;
}
