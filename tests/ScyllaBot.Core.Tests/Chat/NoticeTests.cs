using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Chat.Sample;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class NoticeTests
{
    [Fact]
    public void A_hold_is_said_quietly_with_the_view_and_what_happens_next_and_a_ping_rings()
    {
        var view = "18:31:05Z   1  2\n 1 `@here`  .  -";
        var job = Running([.. Draining, new ViewSeen(At(20), view), new JobHeld(At(20), "scylla-b-1", "scylla-b-1 is not answering")]);
        var quiet = HoldNotice.Render(job, At(20), "scylla-b-1 is not answering", rings: false, job.View!.Text, Plan(job), true);
        Assert.Empty(quiet.Mentions.People);
        Assert.Contains(quiet.Parts, p => p.Text.StartsWith("```\n18:31:05Z", StringComparison.Ordinal) && !p.Text.Contains("`@here", StringComparison.Ordinal));
        Assert.Contains(quiet.Parts, p => p.Name == "Down by us" && p.Text.Contains("scylla-a-1", StringComparison.Ordinal));
        Assert.Equal(Operator.Id, Assert.Single(HoldNotice.Render(job, At(20), "w", rings: true, null, null, true).Mentions.People));
        var over = HoldNotice.Render(job.Apply(new HoldLifted(At(300))), At(20), "w", rings: true, null, null, true);
        Assert.StartsWith("Holding is over", over.Title, StringComparison.Ordinal);
        Assert.Empty(over.Mentions.People);
        Assert.Empty(over.Choices);
    }

    [Fact]
    public void A_halt_shows_everyones_view_of_its_own_moment_only()
    {
        var seen = HaltNotice.Render(Running([.. Draining, Failure, new ViewSeen(At(250), "1 a . +"), Halt()]), Halt(), null, [], true);
        Assert.Contains(seen.Parts, p => p.Text == "```\n1 a . +\n```");
        var older = HaltNotice.Render(Running([.. Draining, new ViewSeen(At(100), "1 a . +"), Failure, Halt()]), Halt(), null, [], true);
        Assert.DoesNotContain(older.Parts, p => p.Text.Contains("1 a", StringComparison.Ordinal));
    }

    [Fact]
    public void An_open_approval()
    {
        var job = Job(StartQuestion(2), new ApprovalGiven(At(20), "start", Colleague));
        Match("approval-open", ApprovalCard.Render(job, StartQuestion(2), Plan(job), [], true));
    }

    [Fact]
    public void A_granted_approval_has_no_buttons_and_says_who()
    {
        JobEvent[] later = [new ApprovalGiven(At(20), "start", Colleague)];
        var job = Job([StartQuestion(), .. later]);
        Match("approval-granted", ApprovalCard.Render(job, StartQuestion(), Plan(job), later, true));
    }

    [Fact]
    public void A_rejected_approval_says_why()
    {
        JobEvent[] later = [new ApprovalRefused(At(20), "start", Colleague, "not today"), new Ended(At(20), JobOutcome.Refused, "rejected")];
        var job = Job([StartQuestion(), .. later]);
        Match("approval-rejected", ApprovalCard.Render(job, StartQuestion(), null, later, true));
    }

    [Fact]
    public void An_expired_approval()
    {
        JobEvent[] later = [new ApprovalExpired(At(3600), "start")];
        var card = ApprovalCard.Render(Job([StartQuestion(), .. later]), StartQuestion(), null, later, false);
        Assert.StartsWith("Expired", card.Title, StringComparison.Ordinal);
        Assert.Empty(card.Choices);
    }

    [Fact]
    public void An_approval_asked_again_leaves_the_first_question_closed_and_the_second_open()
    {
        var again = StartQuestion() with { At = At(500), PlanHash = "other" };
        JobEvent[] later = [new ApprovalGiven(At(20), "start", Colleague), new PlanDrifted(At(400), "a new node"), again];
        var job = Job([StartQuestion(), .. later]);
        var first = ApprovalCard.Render(job, StartQuestion(), null, later, false);
        Assert.StartsWith("No longer asked", first.Title, StringComparison.Ordinal);
        Assert.Empty(first.Choices);
        Assert.NotEmpty(ApprovalCard.Render(job, again, null, [], false).Choices);
    }

    [Fact]
    public void An_approval_whose_key_fits_no_button_says_what_to_do_instead()
    {
        var asked = StartQuestion() with { Key = "1.1@" + new string('n', 100) };
        var card = ApprovalCard.Render(Job(asked), asked, null, [], false);
        Assert.DoesNotContain(card.Choices, c => c.Label == "Approve");
        Assert.Contains(card.Parts, p => p.Text.Contains("by command", StringComparison.Ordinal));
    }

    [Fact]
    public void A_halt() => Match("halt", HaltNotice.Render(HaltedJob(), Halt(), Plan(Job()), [], true));

    [Fact]
    public void An_acknowledged_halt_has_no_buttons_and_rings_nobody()
    {
        JobEvent[] later = [new HaltAcknowledged(At(300), Colleague)];
        Match("halt-acknowledged", HaltNotice.Render(HaltedJob(later), Halt(), Plan(Job()), later, true));
    }

    [Fact]
    public void A_halt_that_is_over_says_how_it_went_on()
    {
        JobEvent[] later = [new HaltAcknowledged(At(300), Colleague), new RetryAsked(At(310), Operator, true)];
        Match("halt-over", HaltNotice.Render(HaltedJob(later), Halt(), Plan(Job()), later, true));
    }

    [Fact]
    public void A_node_that_is_down_by_us_may_be_brought_up_but_not_skipped()
    {
        var verbs = Verbs(HaltNotice.Render(HaltedJob(), Halt(), null, [], false));
        Assert.Contains(verbs, v => v == ChoiceId.Restore);
        Assert.DoesNotContain(verbs, v => v == ChoiceId.Skip);
    }

    [Fact]
    public void A_node_that_is_not_down_by_us_may_be_skipped_but_not_brought_up()
    {
        var job = Running(new StepStarted(At(10), Drain, 1, null), Failure, Halt());
        var verbs = Verbs(HaltNotice.Render(job, Halt(), null, [], false));
        Assert.Contains(verbs, v => v == ChoiceId.Skip);
        Assert.DoesNotContain(verbs, v => v == ChoiceId.Restore);
    }

    [Fact]
    public void Used_up_attempts_need_a_retry_and_more_time_does_not_help()
    {
        var job = Running([.. Draining, Failure, Halt(recoverable: true)]);
        var verbs = Verbs(HaltNotice.Render(job, Halt(recoverable: true), null, [], false));
        Assert.Contains(verbs, v => v == ChoiceId.Retry);
        Assert.DoesNotContain(verbs, v => v == ChoiceId.Wait);
    }

    [Fact]
    public void A_good_end()
    {
        var end = new Ended(At(7200), JobOutcome.Succeeded, "9 nodes restarted");
        Match("end-succeeded", EndNotice.Render(Running(end), end, null, true));
    }

    [Fact]
    public void An_end_that_left_a_node_down()
    {
        var end = new Ended(At(400), JobOutcome.Aborted, "restore failed");
        Match("end-left-down", EndNotice.Render(HaltedJob(new AbortAsked(At(300), Operator, true), end), end, Plan(Job()), true));
    }

    [Fact]
    public void Back_after_our_own_death()
    {
        var back = new HostResumed(At(600), TimeSpan.FromSeconds(310));
        Match("back", HostBackNotice.Render(Running([.. Draining, back]), back, Plan(Job()), true));
    }

    [Fact]
    public void What_a_workflow_says() => Match("say", SayNotice.Render(
        Running(), new Announced(At(3), new StepKey("1.1", "scylla-a-1"), ["infra-doing"], "Node is about to join! @everyone"), true));

    [Fact]
    public void No_hostile_text_breaks_a_notice()
    {
        foreach (var evil in Evil.Texts)
        {
            var who = new Person(evil, evil);
            var question = StartQuestion() with { Key = evil, Message = evil, Approvers = [.. Enumerable.Repeat(evil, 50)], PlanHash = evil };
            var halt = new Halted(At(250), new StepKey(evil, evil), false, evil, evil);
            var end = new Ended(At(400), JobOutcome.Aborted, evil);
            var created = Created(30, 3, evil, evil) with { Cluster = evil, Operator = who };
            JobEvent[] begin = [created, new Began(At(2)), question, new NodeHeld(At(3), evil, new StepKey(evil, evil)), halt];
            var job = Core.Jobs.Job.From(Id, begin);
            var aborting = job.Apply(new AbortAsked(At(260), who, false));
            var over = aborting.Apply(end);
            JobEvent[] refused = [new ApprovalRefused(At(251), evil, who, evil)];
            Evil.AssertFits(ApprovalCard.Render(job, question, null, [], true));
            Evil.AssertFits(ApprovalCard.Render(job.Apply(refused[0]), question, null, refused, true));
            Evil.AssertFits(HaltNotice.Render(job, halt, null, [], true));
            Evil.AssertFits(HaltNotice.Render(aborting, halt, null, [new AbortAsked(At(260), who, false)], true));
            Evil.AssertFits(EndNotice.Render(over, end, null, true));
            Evil.AssertFits(HostBackNotice.Render(job, new HostResumed(At(600), TimeSpan.FromDays(300)), null, true));
            Evil.AssertFits(SayNotice.Render(job, new Announced(At(3), new StepKey(evil, evil), [evil], evil), true));
        }
    }

    [Fact]
    public void The_guard_keeps_any_notice_below_every_limit()
    {
        var long_ = new string('x', 20_000);
        var notice = new Notice(Severity.Info, long_)
        {
            Headline = long_, Body = long_, Footer = long_,
            Parts = [.. Enumerable.Range(0, 60).Select(_ => new NoticePart(long_, long_)), new NoticePart("empty", " ")],
        };
        Evil.AssertFits(NoticeLimits.Fit(notice));
    }

    private static IEnumerable<string> Verbs(Notice notice) => notice.Choices.Select(c => ChoiceId.TryParse(c.Id)!.Verb);

    private static void Match(string name, Notice notice) => Snapshot.Match(name, NoticeText.Of(notice));
}
