using System.Collections.Immutable;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>What a verb came to, as an answer or a problem.</summary>
internal sealed class VerbAnswers(IJobControl control)
{
    public static Problem Refused(ImmutableArray<string> why, bool isForbidden = false) =>
        Problems.Of(isForbidden ? Problems.Forbidden : Problems.Refused, string.Join("\n", why)) with { Errors = why };

    public async Task<object> OfAsync(Outcome outcome, CancellationToken ct, JobId? asked = null)
    {
        if (outcome is not Outcome.Done done)
        {
            var refused = (Outcome.Refused)outcome;
            return refused.IsForbidden ? Problems.Of(Problems.Forbidden, refused.Message)
                : asked is { } job && await IsNobodyAsync(job, ct) ? ReadVerbs.NoJob(job) : Problems.Of(Problems.Refused, refused.Message);
        }

        return done.Job.Value is { Length: > 0 } id ? new VerbAnswer(done.Message, id, await StateAsync(done.Job, ct)) : new VerbAnswer(done.Message, null, null);
    }

    private async Task<JobState?> StateAsync(JobId job, CancellationToken ct)
    {
        try
        {
            return (await control.ShowAsync(job, ct))?.Job.State;
        }
        catch (Exception unreadable) when (unreadable is UnreadableEventException or IllegalTransitionException)
        {
            // A job that this version can not read may still be unlocked or ended.
            return null;
        }
    }

    private async Task<bool> IsNobodyAsync(JobId job, CancellationToken ct)
    {
        try
        {
            return await control.ShowAsync(job, ct) is null;
        }
        catch (Exception unreadable) when (unreadable is UnreadableEventException or IllegalTransitionException)
        {
            return false;
        }
    }
}
