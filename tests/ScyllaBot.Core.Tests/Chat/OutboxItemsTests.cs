using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using static ScyllaBot.Core.Tests.Chat.Sample;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class OutboxItemsTests
{
    [Fact]
    public void A_new_job_gets_its_card_in_the_channel_it_was_asked_for_in()
    {
        var item = Assert.Single(OutboxItems.For(Job(), Created()));
        Assert.Equal((OutboxItems.Card, "infra-doing"), (item.Kind, item.Channel));
    }

    [Fact]
    public void Of_a_whole_troubled_life_only_the_halt_rings_and_it_rings_once()
    {
        JobEvent[] life =
        [
            StartQuestion(), new ApprovalGiven(At(2), "start", Colleague), new LeaseTaken(At(2), "messages-stg", 7), new Began(At(2)), .. Draining,
            new StepFailed(At(20), Drain, 1, true, "ssh: reset", At(25)), new StepStarted(At(25), Drain, 2, null),
            new Announced(At(26), Drain, ["infra-doing"], "draining"), new HostResumed(At(90), TimeSpan.FromSeconds(40)),
            Failure with { Attempt = 2 }, Halt(), new HaltAcknowledged(At(260), Operator), new RetryAsked(At(270), Operator, false),
            new StepStarted(At(271), Drain, 3, null), new StepSucceeded(At(280), Drain, 3), new NodeReleased(At(290), "scylla-a-1", ReleaseReason.Done),
            new AlwaysStarted(At(300)), new Ended(At(310), JobOutcome.Succeeded, "done"), new LeaseReleased(At(311), "messages-stg", 7),
        ];
        var items = Items([Created(), .. life[..^1]]);
        Assert.Equal("card approval say back halt end", string.Join(' ', items.Select(i => i.Kind)));
        var ringing = Assert.Single(items, i => Rings(i).Length > 0);
        Assert.Equal(OutboxItems.Halt, ringing.Kind);
        Assert.Equal([Operator.Id], Rings(ringing));
    }

    [Fact]
    public void Two_halts_ring_twice()
    {
        JobEvent[] life =
            [Created(), new Began(At(2)), .. Draining, Failure, Halt(), new RetryAsked(At(270), Operator, false), Halt(at: 400)];
        Assert.Equal(2, Items(life).Count(i => Rings(i).Length > 0));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_abort_rings_the_operator_unless_it_was_theirs(bool byOperator, bool rings)
    {
        var end = new Ended(At(400), JobOutcome.Aborted, "aborted");
        var job = Running(new AbortAsked(At(300), byOperator ? Operator : Colleague, false), end);
        Assert.Equal(rings, Rings(Assert.Single(OutboxItems.For(job, end))).Length > 0);
    }

    [Fact]
    public void R10_coming_back_is_one_message_for_each_open_job_and_rings_nobody()
    {
        var back = new HostResumed(At(90), TimeSpan.FromSeconds(40));
        foreach (var job in new[] { Running(back), Running([.. Draining, back]) })
        {
            var item = Assert.Single(OutboxItems.For(job, back));
            Assert.Equal(OutboxItems.Back, item.Kind);
            Assert.Empty(Rings(item));
        }
    }

    [Fact]
    public void An_announcement_goes_to_each_channel_once()
    {
        var said = new Announced(At(3), Drain, ["infra-doing", "infra-log", "infra-doing"], "hello");
        Assert.Equal("infra-doing infra-log", string.Join(' ', OutboxItems.For(Running(said), said).Select(i => i.Channel)));
    }

    [Fact]
    public void A_notice_reads_back_as_it_was_written()
    {
        foreach (var item in Items([Created(), new Began(At(2)), .. Draining, Failure, Halt()]))
        {
            Assert.Equal(item.Payload, NoticeJson.Write(NoticeJson.Read(item.Payload)));
        }

        var halt = HaltNotice.Render(HaltedJob(), Halt(), null, [], false);
        Assert.Equal(NoticeText.Of(halt), NoticeText.Of(NoticeJson.Read(NoticeJson.Write(halt))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"severity":"info"}""")]
    [InlineData("""{"severity":"loud","title":"x"}""")]
    [InlineData("""{"severity":1,"title":"x"}""")]
    [InlineData("""{"severity":"info","title":"x","colour":"red"}""")]
    [InlineData("""{"severity":"info","title":null}""")]
    [InlineData("""{"severity":"info","title":"x","parts":null}""")]
    public void A_payload_that_is_not_a_notice_is_refused(string json) => Assert.Throws<FormatException>(() => NoticeJson.Read(json));

    private static List<OutboxItem> Items(JobEvent[] life) =>
        [.. Enumerable.Range(1, life.Length).SelectMany(n => OutboxItems.For(Core.Jobs.Job.From(Id, life[..n]), life[n - 1]))];

    private static string[] Rings(OutboxItem item) => [.. NoticeJson.Read(item.Payload).Mentions.People];
}
