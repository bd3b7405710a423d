using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

public static partial class JobCard
{
    /// <summary>R16: why it stands, and what the button does.</summary>
    private static NoticePart Lapsed(LiveJob live) => new("Nobody decided", live.Job is { IsOpen: true, State: JobState.Paused or JobState.Pausing }
        ? Wording.Lines(live.Job.Lapsed.Select(a => $"{LapseNotice.Gate(a.Asked.Key, live.Plan)}: {Markup.Escape(a.Asked.Message, 120)}"), ApprovalsText) : "");

    /// <summary>What it was asked for besides its nodes, and what was approved ahead.</summary>
    private static NoticePart Scope(Job job) => new("Asked for", Wording.Lines(Scopes(job), 500));

    private static IEnumerable<string> Scopes(Job job)
    {
        if (job.Birth.Scope is { } scope)
        {
            if (scope.Limit is { } limit)
            {
                yield return $"at most {limit} at once";
            }

            if (scope.StopAfter is { } after)
            {
                yield return $"stop after {after}; {scope.Left.Length} left for another job";
            }

            if (!scope.KnownDown.IsEmpty)
            {
                yield return $"known down: {string.Join(", ", scope.KnownDown.Take(6).Select(k => Markup.Code(k.Name, 40)))}";
            }
        }

        foreach (var (path, people) in job.Ahead)
        {
            yield return $"approved ahead: {Markup.Code(path, 20)} by {string.Join(", ", people.Take(5).Select(Wording.Who))}";
        }
    }
}
