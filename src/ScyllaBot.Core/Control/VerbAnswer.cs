using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>A verb was done. One that was not is a <see cref="Problem"/>.</summary>
/// <param name="Message">A sentence for the person.</param>
/// <param name="Job">Whose; null where it is about no job.</param>
/// <param name="State">The job's, right after.</param>
public sealed record VerbAnswer(string Message, string? Job, JobState? State);
