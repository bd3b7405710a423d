using ScyllaBot.Core.Jobs;
using Xunit;

namespace ScyllaBot.Testing;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Gives_a_cluster_to_one_job_at_a_time()
    {
        await Began(First, "alpha");
        await Began(Second, "alpha");
        await Appended(First, 2, [Take(1)]);

        var outcome = Assert.IsType<AppendOutcome.Conflict>(await Append(Second, 2, 0, [Take(2)], Say(0)));

        Assert.Equal(First, outcome.Other);
        Assert.Contains(First.Value, outcome.Why, StringComparison.Ordinal);
        Assert.Equal(new Lease("alpha", 1, First, Journals.At(100)), await Store.LeaseAsync("alpha", default));
        Assert.Equal(2, (await Store.ReadAsync(StreamId.Of(Second), 0, default)).Length);
        Assert.Empty(await Store.PendingOutboxAsync(10, default));
    }

    [Fact]
    public async Task Clusters_do_not_share_a_lease()
    {
        await Began(First, "alpha");
        await Began(Second, "beta");
        await Appended(First, 2, [Take(1)]);
        await Appended(Second, 2, [Take(1, "beta")]);

        Assert.Equal(Second, (await Store.LeaseAsync("beta", default))?.Job);
        Assert.Null(await Store.LeaseAsync("gamma", default));
    }

    [Fact]
    public async Task A_released_lease_keeps_its_epoch_and_is_taken_with_the_next()
    {
        await Began(First, "alpha");
        await Began(Second, "alpha");
        await Appended(First, 2, [Take(1)]);
        await Appended(First, 3, [new LeaseReleased(Journals.At(200), "alpha", 1)]);
        Assert.Equal(new Lease("alpha", 1, null, Journals.At(200)), await Store.LeaseAsync("alpha", default));

        Assert.IsType<AppendOutcome.Conflict>(await Append(Second, 2, 0, [Take(1)]));
        Assert.IsType<AppendOutcome.Conflict>(await Append(Second, 2, 0, [Take(3)]));
        await Appended(Second, 2, [Take(2)]);
        Assert.Equal(new Lease("alpha", 2, Second, Journals.At(100)), await Store.LeaseAsync("alpha", default));
    }

    [Fact]
    public async Task Fences_a_writer_of_an_older_epoch_and_writes_nothing()
    {
        await Began(First, "alpha");
        await Began(Second, "alpha");
        await Appended(First, 2, [Take(1), new LeaseReleased(Journals.At(200), "alpha", 1)]);
        Assert.Equal(new AppendOutcome.Appended(5), await Append(First, 4, 1, [new PlanDrifted(Journals.At(201), "still the newest")]));
        await Appended(Second, 2, [Take(2)]);

        Assert.Equal(new AppendOutcome.Fenced(2), await Append(First, 5, 1, [new PlanDrifted(Journals.At(202), "late")]));
        Assert.Equal(new AppendOutcome.Appended(4), await Append(Second, 3, 2, [new PlanDrifted(Journals.At(203), "mine")]));
        Assert.Equal(5, (await Store.ReadAsync(StreamId.Of(First), 0, default)).Length);
    }

    [Fact]
    public async Task A_fence_is_for_one_cluster()
    {
        await Began(First, "alpha");
        await Began(Second, "beta");
        await Appended(First, 2, [Take(1), new LeaseReleased(Journals.At(200), "alpha", 1), Take(2)]);

        await Appended(Second, 2, [Take(1, "beta")]);
        Assert.Equal(new AppendOutcome.Appended(4), await Append(Second, 3, 1, [new PlanDrifted(Journals.At(1), "x")]));
    }

    [Fact]
    public async Task Only_its_holder_releases_a_lease()
    {
        await Began(First, "alpha");
        await Began(Second, "alpha");
        await Appended(First, 2, [Take(1)]);

        var outcome = await Append(Second, 2, 0, [new LeaseReleased(Journals.At(200), "alpha", 1)]);

        Assert.Equal(First, Assert.IsType<AppendOutcome.Conflict>(outcome).Other);
        Assert.Equal(First, (await Store.LeaseAsync("alpha", default))?.Job);
        Assert.IsType<AppendOutcome.Conflict>(await Append(First, 3, 0, [new LeaseReleased(Journals.At(200), "alpha", 2)]));
    }

    [Fact]
    public async Task A_job_can_not_move_the_lease_of_another_cluster()
    {
        await Began(First, "alpha");

        await Assert.ThrowsAsync<IllegalTransitionException>(() => Append(First, 2, 0, [Take(1, "beta")]));
        Assert.Null(await Store.LeaseAsync("beta", default));
    }

    private static LeaseTaken Take(long epoch, string cluster = "alpha") => new(Journals.At(100), cluster, epoch);

    private Task Began(JobId job, string cluster) =>
        Appended(job, 0, [Journals.Birth(job.Value, cluster), new Began(Journals.At(1))]);
}
