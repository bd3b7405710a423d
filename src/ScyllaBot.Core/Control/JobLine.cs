using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>A job in a list.</summary>
/// <param name="Held">How many nodes are down by it.</param>
public sealed record JobLine(
    string Id, string Cluster, string Workflow, string Title, JobState State, JobOutcome? Outcome, Person Operator, DateTimeOffset Created,
    DateTimeOffset Updated, int Targets, int Held)
{
    public static JobLine Of(JobSummary job) => new(
        job.Id.Value, job.Cluster, job.WorkflowName, job.Title, job.State, job.Outcome, job.Operator, job.Created, job.Updated, job.Targets, job.Held);
}

/// <param name="FleetHalt">A sentence while everything is halted (R20).</param>
public sealed record JobList(ImmutableArray<JobLine> Jobs, string? FleetHalt);
