using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Observe;

/// <summary>Counts what journals say as it is written.</summary>
/// <param name="meters">Counted there.</param>
/// <param name="taskOf">The tag of the task at a place of a job; null where it is not known.</param>
internal sealed class JobMeter(BotMeters meters, Func<JobId, string, string?> taskOf) : IJobReader
{
    public void Committed(Job job, ImmutableArray<JobEvent> events)
    {
        foreach (var e in events)
        {
            switch (e)
            {
                case Created:
                    meters.JobStarted();
                    break;
                case Ended x:
                    meters.JobEnded(x.Outcome);
                    break;
                case Halted:
                    meters.Halted();
                    break;
                case JobHeld:
                    meters.Held();
                    break;
                case StepSucceeded x when job.Step(x.Key) is { FirstStarted: { } first }:
                    meters.StepPassed(TaskOf(job, x.Key), x.At - first);
                    break;
                case StepFailed x:
                    meters.StepFailed(TaskOf(job, x.Key), x.RetryAt is not null);
                    break;
                default:
                    break;
            }
        }
    }

    public void Touched(JobId job)
    {
        // Nothing of that is counted.
    }

    private string TaskOf(Job job, StepKey key) => taskOf(job.Id, key.Path) ?? Tally.Other;
}
