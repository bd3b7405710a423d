using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>A step's question to people: journalled, asked once, answered once, waited for at a safe point only (R3).</summary>
internal sealed class JobQuestions(JobRun run, StepKey key) : IAskHuman
{
    public async Task<string> AskAsync(HumanQuestion question, CancellationToken ct)
    {
        if (key.Node is { } node && run.Job.Held.ContainsKey(node))
        {
            throw new UnrecoverableException($"nobody may be waited for while {node} is down by this job (R3)");
        }

        if (run.Job.IsFinishing || run.Job.Abort is not null)
        {
            throw new UnrecoverableException("the end of a job waits for nobody");
        }

        if (question.Pattern is { } pattern && AnswerRules.WhyNoPattern(pattern) is { } wrong)
        {
            throw new UnrecoverableException($"the answer's pattern {pattern} can not be read: {wrong}");
        }

        await run.AppendAsync(job => job.Questions.ContainsKey(key) || JobTransitions.After(job.State, Asked(question)) is null ? [] : [Asked(question)]);
        if (run.Job.Questions.GetValueOrDefault(key) is { } known && known.Asked.Text != question.Text)
        {
            throw new UnrecoverableException("a step asks one question only");
        }

        // Whoever may not begin a node may not be waited for either: a pause or a hold asks again where it stands, with the same question.
        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.Unheld, run.HostStopping);
        while (true)
        {
            var changed = run.Changed.Next;
            if (run.Job.Questions.GetValueOrDefault(key)?.Answer is { } answer)
            {
                return answer;
            }

            await changed.WaitAsync(link.Token);
        }
    }

    private QuestionAsked Asked(HumanQuestion question) => new(run.Time.GetUtcNow(), key, question.Text, question.Choices, question.Pattern);
}

/// <summary>Who may answer and what is an answer (R21). Runs in the job's mailbox, so of two answers one wins.</summary>
internal static class AnswerRules
{
    private const int Longest = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public static JobControl.Verdict Decide(Actor by, Job job, string? key, string answer, DateTimeOffset now)
    {
        var open = job.Questions.Values.Where(q => q.IsOpen).ToArray();
        var question = key is null ? (open.Length == 1 ? open[0] : null) : job.Questions.Values.FirstOrDefault(q => q.Asked.Key.ToString() == key);
        return (question, job) switch
        {
            ({ IsOpen: false } done, _) => JobControl.No($"Already answered by {done.By!.Name}: {done.Answer}."),
            (_, { IsOpen: false }) => JobControl.No("The job has ended."),
            (_, { Abort: not null }) => JobControl.No("The job is aborting: there is nothing to answer any more."),
            (null, _) when key is null && open.Length > 1 =>
                JobControl.No($"Several questions are open; press the button of the one you mean: {string.Join(", ", open.Select(q => q.Asked.Key))}."),
            (null, _) => JobControl.No("Nothing is asked here."),
            ({ } asked, _) when WhyNot(asked.Asked, answer) is { } wrong => JobControl.No(wrong),
            ({ } asked, _) => JobControl.Yes($"Answered: {answer}.", new QuestionAnswered(now, asked.Asked.Key, by.Person, answer)),
        };
    }

    /// <returns>Null: it can be used.</returns>
    public static string? WhyNoPattern(string pattern)
    {
        try
        {
            _ = Whole(pattern);
            return null;
        }
        catch (ArgumentException unreadable)
        {
            return unreadable.Message;
        }
    }

    private static string? WhyNot(QuestionAsked asked, string answer)
    {
        if (!asked.Choices.IsEmpty)
        {
            return asked.Choices.Contains(answer, StringComparer.Ordinal) ? null : $"That is no choice; there are {string.Join(", ", asked.Choices)}.";
        }

        if (answer.Length is 0 or > Longest || answer.Any(char.IsControl))
        {
            return $"An answer is one line of 1 to {Longest} characters.";
        }

        try
        {
            return asked.Pattern is null || Whole(asked.Pattern).IsMatch(answer) ? null : $"That does not match what is asked for: {asked.Pattern}";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"That could not be compared with {asked.Pattern} in time; try a shorter answer.";
        }
    }

    private static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Patience);
}
