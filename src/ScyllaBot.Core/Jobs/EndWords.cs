namespace ScyllaBot.Core.Jobs;

/// <summary>Why a job that did all it was asked for has ended.</summary>
internal static class EndWords
{
    private const int Named = 30;

    public static string Of(Job job) => job.Birth.Scope is { StopAfter: { } after, Left: { IsEmpty: false } left }
        ? $"stopped after {after} node{(after == 1 ? "" : "s")}, as asked; {left.Length} left: {string.Join(", ", left.Take(Named))}{(left.Length > Named ? " …" : "")}. "
          + $"Go on with from_job:{job.Id} only:not-done"
        : job.GivenUp.IsEmpty ? "every step passed"
        : $"every step passed; {string.Join("; ", job.GivenUp.Take(Named).Select(g => $"{g.Node} was given up: {job.SkippedNodes.GetValueOrDefault(g.Node!)}"))}";
}
