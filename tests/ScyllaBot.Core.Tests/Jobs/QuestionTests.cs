using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>A step that asks people: once, durably, at a safe point.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly List<string> _answers = [];
    private EngineBed _bed;

    public QuestionTests() => _bed = Use(BedWorkflows.OfCluster("""
        - task: !ask
            text: Which ticket?
            pattern: "[A-Z]+-[0-9]+"
        """));

    [Fact]
    public void A_question_waits_without_an_end_holds_nothing_and_is_asked_with_one_ringing_message()
    {
        var id = _bed.Start(Own());
        _bed.Pass(TimeSpan.FromHours(30));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        Assert.True(_bed.Job(id).IsAtSafePoint);
        var asked = Assert.Single(_bed.Events.OfType<QuestionAsked>());
        Assert.Equal(("Which ticket?", "[A-Z]+-[0-9]+"), (asked.Text, asked.Pattern));
        var row = Assert.Single(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == "question");
        var notice = NoticeJson.Read(row.Payload);
        Assert.Contains(notice.Choices, c => c.Label == "Answer" && ChoiceId.TryParse(c.Id) is { Verb: "answer", Arg: "1=text" });
        var card = JobCard.Render(_bed.Do(() => _bed.Control.ShowAsync(id, default))!, _bed.Time.GetUtcNow(), sandbox: true);
        Assert.Contains(card.Parts, p => p.Name == "Waits for an answer" && p.Text.Contains("Which ticket?", StringComparison.Ordinal));
    }

    [Fact]
    public void An_answer_must_match_needs_the_operator_right_and_is_given_once()
    {
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.Any(e => e is QuestionAsked));
        Assert.Contains("operator right", No(Answer(Reader, id, "OPS-1")), StringComparison.Ordinal);
        Assert.Contains("[A-Z]+-[0-9]+", No(Answer(Operator, id, "OPS-1 please")), StringComparison.Ordinal);
        Assert.Contains("1 to 200", No(Answer(Operator, id, "")), StringComparison.Ordinal);
        Assert.Empty(_answers);
        Yes(Answer(Operator, id, "OPS-1"));
        Assert.Contains("Already answered by otto: OPS-1", No(_bed.Press(c => c.AnswerAsync(Jon, id, "1", "OPS-2", default))), StringComparison.Ordinal);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["OPS-1"], _answers);
        Assert.Equal("otto", Assert.Single(_bed.Events.OfType<QuestionAnswered>()).By.Name);
        var notice = QuestionCard.Render(_bed.Job(id), _bed.Events.OfType<QuestionAsked>().Single(), null, _bed.Events, sandbox: true);
        Assert.Empty(notice.Choices);
        Assert.Contains("OPS", notice.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_answers_in_the_same_moment_one_wins()
    {
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.Any(e => e is QuestionAsked));
        var outcomes = _bed.Do(() => Task.WhenAll(
            _bed.Control.AnswerAsync(Operator, id, "1", "A-1", default), _bed.Control.AnswerAsync(Jon, id, "1", "B-2", default)));
        Assert.Single(outcomes.OfType<Outcome.Done>());
        Assert.Single(_bed.Events.OfType<QuestionAnswered>());
    }

    [Fact]
    public void Choices_are_the_only_answers_and_each_has_a_button()
    {
        _bed = Use(BedWorkflows.OfCluster("""
            - task: !ask
                choices: [go on, not now]
            """));
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.Any(e => e is QuestionAsked));
        var asked = _bed.Events.OfType<QuestionAsked>().Single();
        Assert.Equal([("go on", ("1", (int?)0)), ("not now", ("1", 1))], Presses.ForQuestion(_bed.Job(id), asked)
            .Select(c => (c.Label, Presses.ReadAnswer(ChoiceId.TryParse(c.Id)!.Arg)!.Value)));
        Assert.Contains("there are go on, not now", No(Answer(Operator, id, "Go on")), StringComparison.Ordinal);
        Yes(Answer(Operator, id, "go on"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["go on"], _answers);
    }

    [Fact]
    public void A_question_outlives_the_host_is_not_asked_again_and_gives_the_same_answer_to_the_same_step()
    {
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.Any(e => e is QuestionAsked));
        _bed.Kill();
        Assert.Empty(_bed.StartHost());
        _bed.Pass(TimeSpan.FromMinutes(5));
        var died = false;
        _bed.Ports.ProbeAsync = (answer, _, ct) =>
        {
            _answers.Add(answer);
            return died ? Task.CompletedTask : Task.Delay(Timeout.Infinite, ct);
        };
        Yes(Answer(Operator, id, "OPS-7"));
        _bed.Until(() => _answers.Count == 1);
        _bed.Kill();
        died = true;
        Assert.Empty(_bed.StartHost());
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["OPS-7", "OPS-7"], _answers);
        Assert.Single(_bed.Events.OfType<QuestionAsked>());
        Assert.Single(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == "question");
    }

    [Fact]
    public void A_pause_cuts_the_wait_the_answer_is_taken_meanwhile_and_resume_goes_on_with_it()
    {
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.Any(e => e is QuestionAsked));
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(Answer(Operator, id, "OPS-1"));
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(_answers);
        Yes(_bed.Press(c => c.ResumeAsync(Operator, id, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["OPS-1"], _answers);
    }

    [Fact]
    public void An_abort_ends_a_question_at_once()
    {
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.Any(e => e is QuestionAsked));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Empty(_answers);
    }

    [Fact]
    public void A_pattern_that_can_not_be_read_halts_before_anybody_is_asked()
    {
        _bed = Use(BedWorkflows.OfCluster("""
            - task: !ask
                pattern: "[A-"
            """));
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.Contains("can not be read", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.Empty(_bed.Events.OfType<QuestionAsked>());
    }

    [Theory]
    [InlineData("- task: !take-down\n- task: !ask\n- task: !wait-for-conditions\n    conditions:\n      - condition: !holds", "", "", "(R3)")]
    [InlineData("- task: !probe", "restore:\n  - task: !ask", "", "(R4)")]
    [InlineData("- task: !probe", "", "always:\n  - task: !ask", "the end of a job waits for nobody")]
    public void R3_a_question_where_nobody_may_be_waited_for_is_a_load_error(string steps, string more, string top, string because)
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(steps, more, top: top));
        var refused = Assert.IsType<PlanOutcome.Refused>(bed.Do(() => bed.Control.PlanAsync(Mara, Own("b1"), default)));
        Assert.Contains(refused.Why, w => w.Contains("!ask", StringComparison.Ordinal) && w.Contains(because, StringComparison.Ordinal));
    }

    public void Dispose() => _bed.Dispose();

    private Outcome Answer(Actor by, JobId id, string answer) => _bed.Press(c => c.AnswerAsync(by, id, null, answer, default));

    private EngineBed Use(BedOptions options)
    {
        _bed?.Dispose();
        var bed = new EngineBed(options: options);
        bed.Ports.ProbeAsync = (answer, _, _) =>
        {
            _answers.Add(answer);
            return Task.CompletedTask;
        };
        return bed;
    }
}
