using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Chat.Sample;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class OutboxDeliveryTests
{
    private static readonly JobId Other = new("01KG3DVQ8PZZZZZZ");

    [Fact]
    public void A_row_is_posted_with_its_nonce_in_the_footer_and_confirmed() => ChatBed.Run(async bed =>
    {
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created());
        var row = Assert.Single(await bed.Store.OutboxAsync(Id, default));
        Assert.Equal(bed.Chat.Only.Ref.Value, row.Message);
        Assert.Equal(row.Nonce, bed.Chat.Only.Nonce);
        Assert.EndsWith(" " + row.Nonce, bed.Chat.Only.Notice.Footer, StringComparison.Ordinal);
    });

    [Fact]
    public void It_is_marked_as_tried_before_the_first_send() => ChatBed.Run(async bed =>
    {
        bed.Chat.Stuck.Add("infra-doing");
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created());
        var row = Assert.Single(await bed.Store.OutboxAsync(Id, default));
        Assert.Equal(bed.Time.GetUtcNow(), row.FirstTried);
        Assert.Single(bed.Chat.At("post"));
    });

    [Fact]
    public void What_a_dead_process_left_unconfirmed_is_sent_again_under_the_same_nonce_while_young() => ChatBed.Run(async bed =>
    {
        bed.Chat.LosesAnswer = () => new RecoverableException("connection reset");
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created());
        using var next = bed.Restarted();
        bed.Chat.LosesAnswer = () => null;
        bed.Time.Advance(TimeSpan.FromSeconds(100));
        await next.StartAsync();
        Assert.Equal(2, bed.Chat.At("post").Count());
        Assert.Empty(bed.Chat.At("find"));
        Assert.Equal(bed.Chat.Only.Ref.Value, (await next.Store.OutboxAsync(Id, default)).Single().Message);
        await next.StopAsync();
    });

    [Fact]
    public void What_is_too_old_for_its_nonce_is_searched_for_first_and_not_doubled() => ChatBed.Run(async bed =>
    {
        bed.Chat.LosesAnswer = () => new RecoverableException("connection reset");
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created());
        using var next = bed.Restarted();
        bed.Chat.LosesAnswer = () => null;
        bed.Time.Advance(TimeSpan.FromHours(3));
        await next.StartAsync();
        Assert.Single(bed.Chat.At("post"));
        Assert.Single(bed.Chat.At("find"));
        Assert.Equal(bed.Chat.Only.Ref.Value, (await next.Store.OutboxAsync(Id, default)).Single().Message);
        await next.StopAsync();
    });

    [Fact]
    public void What_is_too_old_and_nowhere_to_be_found_is_sent() => ChatBed.Run(async bed =>
    {
        bed.Chat.Fault = (_, _) => new RecoverableException("down");
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created());
        using var next = bed.Restarted();
        bed.Chat.Fault = (_, _) => null;
        bed.Time.Advance(TimeSpan.FromHours(3));
        await next.StartAsync();
        Assert.Single(bed.Chat.At("find"));
        Assert.NotNull((await next.Store.OutboxAsync(Id, default)).Single().Message);
        Assert.Single(bed.Chat.Messages);
        await next.StopAsync();
    });

    [Fact]
    public void Failures_are_spaced_out_to_a_minute_and_order_is_kept() => ChatBed.Run(async bed =>
    {
        bed.Chat.Fault = (_, _) => new RecoverableException("503");
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created(), new Began(At(2)), new Ended(At(9), JobOutcome.Succeeded, "done"));
        await bed.PassAsync(400);
        var tries = bed.Chat.Calls.Where(c => c.What is "post" or "find").Select(c => c.At).ToList();
        var gaps = tries.Zip(tries.Skip(1), (a, b) => (b - a).TotalSeconds).ToList();
        Assert.Equal([0.875, 1.75, 3.5, 7, 14, 28, 52.5, 52.5], gaps.Take(8));

        bed.Chat.Fault = (_, _) => null;
        await bed.PassAsync(60);
        var sent = (await bed.Store.OutboxAsync(Id, default)).OrderBy(r => r.Message, StringComparer.Ordinal);
        Assert.Equal("card end", Kinds(sent));
    });

    [Fact]
    public void A_stuck_channel_holds_up_neither_another_job_nor_another_channel_of_the_same_job() => ChatBed.Run(async bed =>
    {
        bed.Chat.Stuck.Add("infra-stuck");
        await bed.StartAsync();
        await bed.AppendAsync(Id, [Created(), new Began(At(2)), new Announced(At(3), Drain, ["infra-stuck"], "hello"), .. Draining, Failure, Halt()]);
        await bed.AppendAsync(Other, Created() with { RequestId = "req-2", Cluster = "other" });
        Assert.Equal("card halt", Kinds(await bed.Store.OutboxAsync(Id, default)));
        Assert.Equal("card", Kinds(await bed.Store.OutboxAsync(Other, default)));
    });

    [Fact]
    public void A_chat_that_never_answers_is_given_up_on_and_asked_again() => ChatBed.Run(async bed =>
    {
        bed.Chat.Stuck.Add("infra-doing");
        await bed.StartAsync();
        await bed.AppendAsync(Id, Created());
        bed.Chat.Stuck.Clear();
        await bed.PassAsync(62);
        Assert.NotNull((await bed.Store.OutboxAsync(Id, default)).Single().Message);
    });

    [Fact]
    public void What_is_refused_is_kept_and_tried_slowly_while_later_messages_pass() => ChatBed.Run(async bed =>
    {
        var posts = 0;
        bed.Chat.Fault = (what, _) => what == "post" && posts++ == 0 ? new UnrecoverableException("50035 invalid form") : null;
        await bed.StartAsync();
        await bed.AppendAsync(Id, [Created(), new Began(At(2)), .. Draining, Failure, Halt()]);
        Assert.Equal("halt", Kinds(await bed.Store.OutboxAsync(Id, default)));
        await bed.PassAsync(200);
        Assert.Equal(2, posts);
        await bed.PassAsync(100);
        Assert.Equal("card halt", Kinds(await bed.Store.OutboxAsync(Id, default)));
    });

    [Fact]
    public void More_refused_rows_than_a_page_hide_no_message_behind_them() => ChatBed.Run(async bed =>
    {
        bed.Chat.Fault = (_, channel) => channel == "nowhere" ? new UnrecoverableException("no such channel") : null;
        await bed.StartAsync();
        var lost = Enumerable.Range(0, 450).Select(_ => new Announced(At(3), Drain, ["nowhere"], "x")).ToArray<JobEvent>();
        await bed.AppendAsync(Id, [Created(), new Began(At(2)), .. lost, .. Draining, Failure, Halt()]);
        await bed.PassAsync(1);
        Assert.Contains("halt", Kinds(await bed.Store.OutboxAsync(Id, default)));
    });

    [Fact]
    public void A_row_nobody_woke_it_for_is_found_within_half_a_minute() => ChatBed.Run(async bed =>
    {
        await bed.StartAsync();
        await bed.Store.AppendAsync(StreamId.Of(Id), 0, 0, [Created()], [(0, OutboxItems.For(Job(), Created())[0])], default);
        await bed.PassAsync(31);
        Assert.NotNull((await bed.Store.OutboxAsync(Id, default)).Single().Message);
    });

    private static string Kinds(IEnumerable<OutboxRow> rows) => string.Join(' ', rows.Where(r => r.Message is not null).Select(r => r.Kind));
}
