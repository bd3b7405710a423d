using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Chat.Sample;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class CardWriterTests
{
    [Fact]
    public void Many_changes_become_one_edit_every_three_seconds_and_the_latest_wins() => RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, new Began(At(2)));
        for (var i = 0; i < 20; i++)
        {
            await bed.AppendAsync(Id, i % 2 == 0 ? new PauseAsked(bed.Time.GetUtcNow(), Operator) : new Resumed(bed.Time.GetUtcNow(), Operator));
            await bed.PassAsync(0.5);
        }

        await bed.AppendAsync(Id, new PauseAsked(bed.Time.GetUtcNow(), Operator), new PauseReached(bed.Time.GetUtcNow()));
        await bed.PassAsync(3);
        var edits = bed.Chat.At("edit").ToList();
        Assert.InRange(edits.Count, 3, 6);
        Assert.All(edits.Zip(edits.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(3)));
        Assert.Contains("Paused", bed.Chat.Only.Notice.Title, StringComparison.Ordinal);
    });

    [Fact]
    public void The_final_state_is_written_and_then_the_card_is_left_alone() => RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, new Began(At(2)));
        await bed.AppendAsync(Id, new Ended(At(3), JobOutcome.Succeeded, "done"));
        await bed.PassAsync(4);
        var card = bed.Chat.Messages[0].Notice;
        Assert.Contains("Succeeded", card.Title, StringComparison.Ordinal);
        Assert.Empty(card.Choices);
        Assert.Equal("", await bed.Store.ReadNoteAsync("cards/unfinished", default));
        var calls = bed.Chat.Calls.Count;
        await bed.PassAsync(3600);
        Assert.Equal(calls, bed.Chat.Calls.Count);
    });

    [Fact]
    public void The_final_state_is_written_however_long_the_chat_was_away() => RunWithCard(async bed =>
    {
        bed.Chat.Fault = (_, _) => new RecoverableException("503");
        await bed.AppendAsync(Id, new Began(At(2)), new Ended(At(3), JobOutcome.Succeeded, "done"));
        await bed.PassAsync(3600);
        bed.Chat.Fault = (_, _) => null;
        await bed.PassAsync(61);
        Assert.Contains("Succeeded", bed.Chat.Messages[0].Notice.Title, StringComparison.Ordinal);
    });

    [Fact]
    public void While_something_is_waited_for_its_numbers_move_every_half_minute() => RunWithCard(async bed =>
    {
        bed.LiveOf = async id => Live((await bed.FromStoreAsync(id))!.Job, new LiveWait(
            Drain, "compactions nominal", "3 pending", TimeSpan.Zero, TimeSpan.FromSeconds(20), Start, At(4000), null, null));
        await bed.AppendAsync(Id, new Began(At(2)));
        await bed.PassAsync(3);
        var before = bed.Chat.At("edit").Count();
        await bed.PassAsync(120);
        Assert.Equal(4, bed.Chat.At("edit").Count() - before);
        Assert.Contains("2 min", bed.Chat.Only.Notice.Parts.Single(p => p.Name == "Waits for").Text, StringComparison.Ordinal);
    });

    [Fact]
    public void A_quiet_job_is_not_edited() => RunWithCard(async bed =>
    {
        await bed.PassAsync(10);
        var before = bed.Chat.At("edit").Count();
        bed.Cards.Changed(Id);
        await bed.PassAsync(600);
        Assert.Equal(before, bed.Chat.At("edit").Count());
    });

    [Fact]
    public void A_deleted_card_is_posted_again_and_remembered_over_a_restart() => RunWithCard(async bed =>
    {
        await bed.PassAsync(5);
        bed.Chat.Delete(bed.Chat.Only.Ref);
        await bed.AppendAsync(Id, new Began(At(2)));
        await bed.PassAsync(5);
        var again = bed.Chat.Only;
        Assert.InRange(again.Nonce.Length, 1, 25);

        using var next = bed.Restarted();
        await next.StartAsync(cards: true);
        await next.AppendAsync(Id, new PauseAsked(At(9), Operator));
        await next.PassAsync(5);
        Assert.Equal(again.Ref, bed.Chat.Only.Ref);
        Assert.Contains("Pausing", bed.Chat.Only.Notice.Title, StringComparison.Ordinal);
        await next.StopAsync();
    });

    [Fact]
    public void A_repost_whose_answer_was_lost_is_not_doubled() => RunWithCard(async bed =>
    {
        await bed.PassAsync(5);
        bed.Chat.Delete(bed.Chat.Only.Ref);
        bed.Chat.LosesAnswer = () => new RecoverableException("reset");
        await bed.AppendAsync(Id, new Began(At(2)));
        bed.Chat.LosesAnswer = () => null;
        await bed.PassAsync(600);
        Assert.Single(bed.Chat.Messages);
    });

    [Fact]
    public void A_job_that_ended_while_nobody_wrote_cards_gets_its_final_state_after_the_restart() => RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, new Began(At(2)));
        bed.Chat.Fault = (what, _) => what == "edit" ? new RecoverableException("503") : null;
        await bed.AppendAsync(Id, new Ended(At(3), JobOutcome.Succeeded, "done"));
        using var next = bed.Restarted();
        bed.Chat.Fault = (_, _) => null;
        await next.StartAsync(cards: true);
        await next.PassAsync(5);
        Assert.Contains("Succeeded", bed.Chat.Messages[0].Notice.Title, StringComparison.Ordinal);
        await next.StopAsync();
    });

    [Fact]
    public void An_open_job_s_card_is_drawn_again_after_a_restart() => RunWithCard(async bed =>
    {
        await bed.StopAsync();
        await bed.AppendAsync(Id, new Began(At(2)));
        using var next = bed.Restarted();
        await next.StartAsync(cards: true);
        await next.PassAsync(1);
        Assert.Contains("Running", bed.Chat.Only.Notice.Title, StringComparison.Ordinal);
        await next.StopAsync();
    });

    [Fact]
    public void A_decided_approval_loses_its_buttons_even_when_it_was_decided_during_a_restart() => RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, StartQuestion());
        await bed.PassAsync(4);
        var question = bed.Chat.Messages[1];
        Assert.NotEmpty(question.Notice.Choices);
        await bed.StopAsync();
        await bed.AppendAsync(Id, new ApprovalGiven(At(9), "start", Colleague), new Began(At(9)));
        using var next = bed.Restarted();
        await next.StartAsync(cards: true);
        await next.PassAsync(4);
        Assert.Empty(bed.Chat.Messages[1].Notice.Choices);
        Assert.StartsWith("Approved by", bed.Chat.Messages[1].Notice.Body, StringComparison.Ordinal);
        Assert.EndsWith(question.Nonce, bed.Chat.Messages[1].Notice.Footer, StringComparison.Ordinal);
        await next.StopAsync();
    });

    [Fact]
    public void An_acknowledged_halt_loses_its_buttons_and_rings_no_more() => RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, [new Began(At(2)), .. Draining, Failure, Halt()]);
        await bed.PassAsync(4);
        Assert.NotEmpty(bed.Chat.Messages[1].Notice.Choices);
        await bed.AppendAsync(Id, new HaltAcknowledged(At(300), Operator));
        await bed.PassAsync(4);
        var halt = bed.Chat.Messages[1].Notice;
        Assert.Empty(halt.Choices);
        Assert.Empty(halt.Mentions.People);
        Assert.Equal(2, bed.Chat.Messages.Count);
        var edits = bed.Chat.Calls.Count(c => c.What == "edit" && c.Where == bed.Chat.Messages[1].Ref.Value);
        await bed.PassAsync(300);
        Assert.Equal(edits, bed.Chat.Calls.Count(c => c.What == "edit" && c.Where == bed.Chat.Messages[1].Ref.Value));
    });

    [Fact]
    public void A_deleted_halt_message_stops_nothing() => RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, [new Began(At(2)), .. Draining, Failure, Halt()]);
        await bed.PassAsync(4);
        bed.Chat.Delete(bed.Chat.Messages[1].Ref);
        await bed.AppendAsync(Id, new AbortAsked(At(300), Operator, false));
        await bed.PassAsync(4);
        Assert.Contains("Aborting", bed.Chat.Only.Notice.Title, StringComparison.Ordinal);
    });

    [Fact]
    public void What_the_engine_throws_stays_here() => RunWithCard(async bed =>
    {
        bed.LiveOf = _ => throw new InvalidOperationException("boom");
        await bed.AppendAsync(Id, new Began(At(2)));
        await bed.PassAsync(30);
        bed.LiveOf = bed.FromStoreAsync;
        await bed.PassAsync(60);
        Assert.Contains("Running", bed.Chat.Only.Notice.Title, StringComparison.Ordinal);
    });

    internal static void RunWithCard(Func<ChatBed, Task> test) => ChatBed.Run(async bed =>
    {
        await bed.StartAsync(cards: true);
        await bed.AppendAsync(Id, Created());
        await test(bed);
    });
}
