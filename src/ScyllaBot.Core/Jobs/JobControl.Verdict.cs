namespace ScyllaBot.Core.Jobs;

/// <summary>What is refused because of who asks is told apart from what is refused as things stand, here, where it is decided.</summary>
public sealed partial class JobControl
{
    internal static Verdict NotYou(string message) => new(message, []) { IsForbidden = true };

    internal static Outcome.Refused Refused(string message) => new(message);

    internal static Outcome.Refused Forbidden(string message) => new(message) { IsForbidden = true };

    private static Task<PlanOutcome> NoReader() =>
        Task.FromResult<PlanOutcome>(new PlanOutcome.Refused(["You may not look at plans: that needs the reader right."]) { IsForbidden = true });

    private static Outcome Said(JobId job, Verdict verdict) =>
        verdict.Events.IsEmpty ? new Outcome.Refused(verdict.Message) { IsForbidden = verdict.IsForbidden } : new Outcome.Done(job, verdict.Message);

    /// <summary>What a verb decides: events, or none and the reason.</summary>
    internal sealed record Verdict(string Message, ImmutableArray<JobEvent> Events)
    {
        /// <summary>As <see cref="Outcome.Refused.IsForbidden"/>.</summary>
        public bool IsForbidden { get; init; }
    }
}
