using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Sqlite.Tests;

public sealed class InMemoryJobStoreTests : JobStoreContract
{
    [Fact]
    public async Task A_fault_is_either_before_or_after_the_write()
    {
        var store = (InMemoryJobStore)Store;
        store.FailNextAppend();
        await Assert.ThrowsAsync<IOException>(() => Append(First, 0, 0, [Journals.Birth("r")]));
        Assert.Empty(store.Journal);

        store.FailNextAppend(AppendFault.NotAcknowledged);
        await Assert.ThrowsAsync<IOException>(() => Append(First, 0, 0, [Journals.Birth("r")]));
        Assert.Single(store.Journal);
        await Appended(First, 1, [new Began(Journals.At(1))]);
    }

    [Fact]
    public async Task A_copy_does_not_see_what_comes_later()
    {
        await Appended(First, 0, [Journals.Birth("r")]);
        var copy = ((InMemoryJobStore)Store).Copy();
        await Appended(First, 1, [new Began(Journals.At(1))]);

        Assert.Single(copy.Journal);
        Assert.Equal(JobState.Waiting, (await copy.ListJobsAsync(new JobFilter(), default))[0].State);
    }

    [Fact]
    public void Every_call_has_completed_when_it_returns()
    {
        Assert.True(Append(First, 0, 0, [Journals.Birth("r")]).IsCompletedSuccessfully);
        Assert.True(Store.PendingOutboxAsync(1, default).IsCompletedSuccessfully);
    }

    protected override Task<IJobStore> OpenAsync() => Task.FromResult<IJobStore>(new InMemoryJobStore());
}
