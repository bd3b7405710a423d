using System.Globalization;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>What a person should hear when a job has changed, each thing once, with what can be typed next.</summary>
internal static class JobNotices
{
    /// <param name="before">Null: nothing of it was seen yet.</param>
    /// <param name="after">Now.</param>
    public static IEnumerable<ToneLine> Between(JobView? before, JobView after)
    {
        if (after.FleetHalt is { } fleet && before?.FleetHalt is null)
        {
            yield return new(Tone.Bad, Spoken.Line(fleet, 300));
        }

        foreach (var approval in Open(after).Where(a => before is null || !Open(before).Any(b => b.Key == a.Key)))
        {
            yield return new(Tone.Warning, Asked(after, approval));
        }

        foreach (var question in after.Questions.Where(q => q.Answer is null && before?.Questions.Any(b => b.Key == q.Key && b.Answer is null) != true))
        {
            yield return new(Tone.Warning, Asked(after, question));
        }

        if (after.Hold is { } hold && before?.Hold?.Since != hold.Since)
        {
            yield return new(Tone.Warning, $"Holding: {Spoken.Line(hold.Why, 300, after.Id)}");
        }

        if (after.Halt is { } halt && before?.Halt?.Since != halt.Since)
        {
            foreach (var line in Halted(after, halt))
            {
                yield return line;
            }
        }

        if (after.State != before?.State && State(after, before) is { } state)
        {
            yield return state;
        }
    }

    public static string Asked(JobView job, JobApproval approval)
    {
        var needs = approval.Count - approval.Given.Length;
        var key = approval.Key == ScyllaBot.Core.Jobs.Approvals.Start ? "" : $" --key {approval.Key}";
        var many = needs == 1 ? "an approval" : $"{needs.ToString(CultureInfo.InvariantCulture)} approvals";
        return $"Waits for {many} until {Moments.Of(approval.Expires)}: {Clean.Line(approval.What, 200)}: scyllactl job approve {job.Id}{Clean.Line(key, 120)}";
    }

    public static string Asked(JobView job, JobQuestion question)
    {
        var choices = question.Choices.IsEmpty ? "free text" : string.Join(", ", question.Choices.Select(c => Clean.Line(c, 60)));
        return $"Asks: {Clean.Line(question.Text, 300)} ({choices}): scyllactl job answer {job.Id} …";
    }

    private static IEnumerable<JobApproval> Open(JobView job) => job.Approvals.Where(a => a.State == ApprovalStanding.Open);

    /// <summary>How it ended.</summary>
    public static ToneLine Ended(JobView job) => new(
        JobPicture.ToneOf(job.State, job.Outcome),
        $"Job {job.Id} {JobPicture.Word(job.State, job.Outcome)} after {Lengths.Of(job.Updated - job.Created)}{(job.EndWhy is { Length: > 0 } why ? $": {Spoken.Line(why, 500, job.Id)}" : "")}");

    private static IEnumerable<ToneLine> Halted(JobView job, JobHalt halt)
    {
        var id = job.Id;
        yield return new(Tone.Bad, $"Job {id} halted{(halt.Step is { } step ? $" at {Clean.Line(step, 100)}" : "")}: {Spoken.Line(halt.Why, 500, id)}");
        yield return new(Tone.Plain, $"  Safe now: {Spoken.Line(halt.SafeNow, 300, id)}");
        yield return new(Tone.Plain, $"  What next: scyllactl job retry {id} | restore {id} | skip {id} | abort {id}; why: scyllactl job why {id}; seen: scyllactl job ack {id}");
    }

    private static ToneLine? State(JobView job, JobView? before) => job.State switch
    {
        JobState.Running when before is not null => new(Tone.Plain, "Running"),
        JobState.Pausing => new(Tone.Warning, "Pausing: held nodes finish their own steps first"),
        JobState.Paused => new(Tone.Warning, $"Paused; scyllactl job resume {job.Id} goes on"),
        JobState.Aborting => new(Tone.Warning, "Aborting: held nodes come up first"),
        _ => null,
    };
}
