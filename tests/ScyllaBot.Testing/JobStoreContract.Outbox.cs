using ScyllaBot.Core.Jobs;
using Xunit;

namespace ScyllaBot.Testing;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Writes_outbox_rows_with_the_event_they_belong_to()
    {
        await Appended(First, 0, [Journals.Birth("r"), new Began(Journals.At(1))], Say(1, "card"), Say(1), Say(0, "approval"));

        var rows = await Store.OutboxAsync(First, default);
        Assert.Equal([(1, 0, "approval"), (2, 0, "card"), (2, 1, "say")], rows.Select(r => ((int)r.Sequence, r.Index, r.Kind)));
        Assert.Equal(new OutboxRow(First, 1, 0, "approval", "ops", "{\"text\":\"é\"}", null, null), rows[0]);
        Assert.Empty(await Store.OutboxAsync(Second, default));
    }

    [Fact]
    public async Task Hands_out_unconfirmed_rows_oldest_first()
    {
        await Appended(Second, 0, [Journals.Birth("r2")], Say(0));
        await Appended(First, 0, [Journals.Birth("r1")], Say(0));
        await Appended(Second, 1, [new Began(Journals.At(1))], Say(0));

        var rows = await Store.PendingOutboxAsync(10, default);
        Assert.Equal([(Second, 1L), (First, 1L), (Second, 2L)], rows.Select(r => (r.Job, r.Sequence)));
        Assert.Equal(rows.Take(2), await Store.PendingOutboxAsync(2, default));

        await Store.OutboxSentAsync(rows[0], "1/2", default);
        Assert.Equal(rows.Skip(1), await Store.PendingOutboxAsync(10, default));
        Assert.Equal("1/2", (await Store.OutboxAsync(Second, default))[0].Message);
    }

    [Fact]
    public async Task Remembers_when_a_row_was_first_tried()
    {
        await Appended(First, 0, [Journals.Birth("r")], Say(0), Say(0));
        var row = (await Store.PendingOutboxAsync(1, default))[0];

        await Store.OutboxTriedAsync(row, Journals.At(5), default);
        await Store.OutboxTriedAsync(row, Journals.At(9), default);

        Assert.Equal([Journals.At(5), null], (await Store.PendingOutboxAsync(10, default)).Select(r => r.FirstTried));
    }

    [Fact]
    public async Task Refuses_to_confirm_a_row_that_was_never_written()
    {
        var row = new OutboxRow(First, 1, 0, "say", "ops", "{}", null, null);

        await Assert.ThrowsAsync<ArgumentException>(() => Store.OutboxSentAsync(row, "1/2", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OutboxTriedAsync(row, Journals.At(1), default));
    }
}
