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

    [Fact]
    public async Task R18_a_lease_that_is_taken_away_is_free_at_the_next_epoch_and_its_job_is_fenced()
    {
        await Began(First, "alpha");
        await Began(Second, "alpha");
        await Appended(First, 2, [Take(1)]);

        Assert.IsType<AppendOutcome.Conflict>(await Append(First, 3, 1, [Unlock(1)]));
        Assert.IsType<AppendOutcome.Conflict>(await Append(Second, 2, 0, [Unlock(2)]));
        Assert.Equal(new AppendOutcome.Appended(4), await Append(First, 3, 1, [Unlock(2)]));

        Assert.Equal(new Lease("alpha", 2, null, Journals.At(150)), await Store.LeaseAsync("alpha", default));
        Assert.Equal(new AppendOutcome.Fenced(2), await Append(First, 4, 1, [new PlanDrifted(Journals.At(160), "late")]));
        Assert.IsType<AppendOutcome.Conflict>(await Append(First, 4, 0, [new LeaseReleased(Journals.At(160), "alpha", 1)]));
        await Appended(Second, 2, [Take(3)]);
        Assert.Equal(Second, (await Store.LeaseAsync("alpha", default))?.Job);
    }

    [Fact]
    public async Task R13_an_acknowledgement_moves_a_free_lease_on_and_never_back_and_never_one_that_a_job_holds()
    {
        Assert.IsType<AppendOutcome.Appended>(await Acknowledge(7));
        Assert.Equal(new Lease("alpha", 7, null, Journals.At(90)), await Store.LeaseAsync("alpha", default));
        Assert.IsType<AppendOutcome.Appended>(await Acknowledge(5));
        Assert.Equal(7, (await Store.LeaseAsync("alpha", default))?.Epoch);
        Assert.Null(await Store.LeaseAsync("beta", default));

        await Began(First, "alpha");
        Assert.IsType<AppendOutcome.Conflict>(await Append(First, 2, 0, [Take(1)]));
        await Appended(First, 2, [Take(8)]);
        Assert.Equal(First, Assert.IsType<AppendOutcome.Conflict>(await Acknowledge(107)).Other);
        Assert.Equal(new AppendOutcome.Appended(4), await Append(First, 3, 8, [Unlock(107)]));
        Assert.IsType<AppendOutcome.Appended>(await Acknowledge(107));
        Assert.Equal(new Lease("alpha", 107, null, Journals.At(150)), await Store.LeaseAsync("alpha", default));
    }

    [Fact]
    public async Task R18_clusters_of_one_exclusive_group_are_never_held_for_disruption_together()
    {
        await Began(First, "alpha");
        await Began(Second, "beta");
        await Appended(First, 2, [Take(1) with { Class = LeaseClass.Disruptive, Group = "chat" }]);
        var rival = Take(1, "beta") with { Class = LeaseClass.Topology, Group = "chat" };

        var outcome = Assert.IsType<AppendOutcome.Conflict>(await Append(Second, 2, 0, [rival]));
        Assert.Equal(First, outcome.Other);
        Assert.Contains("exclusive group chat", outcome.Why, StringComparison.Ordinal);
        Assert.Null(await Store.LeaseAsync("beta", default));

        await Appended(First, 3, [new LeaseReleased(Journals.At(200), "alpha", 1)]);
        await Appended(Second, 2, [rival]);
        Assert.Equal(
            new Lease("beta", 1, Second, Journals.At(100)) { Class = LeaseClass.Topology, Group = "chat" }, await Store.LeaseAsync("beta", default));
    }

    [Fact]
    public async Task R18_background_work_counts_for_no_group_and_no_cap()
    {
        await Began(First, "alpha");
        await Began(Second, "beta");
        await Appended(First, 2, [Take(1) with { Class = LeaseClass.Background }]);
        await Appended(Second, 2, [Take(1, "beta") with { Class = LeaseClass.Disruptive, Group = "chat", Cap = 1 }]);
        Assert.Equal(Second, (await Store.LeaseAsync("beta", default))?.Job);
    }

    [Fact]
    public async Task R18_no_more_clusters_are_disrupted_than_the_cap_allows()
    {
        await Began(First, "alpha");
        await Began(Second, "beta");
        await Appended(First, 2, [Take(1) with { Class = LeaseClass.Disruptive, Cap = 1 }]);

        var outcome = Assert.IsType<AppendOutcome.Conflict>(await Append(Second, 2, 0, [Take(1, "beta") with { Class = LeaseClass.Disruptive, Cap = 1 }]));
        Assert.Equal(First, outcome.Other);
        Assert.Contains("1 of at most 1", outcome.Why, StringComparison.Ordinal);
        await Appended(Second, 2, [Take(1, "beta") with { Class = LeaseClass.Disruptive, Cap = 2 }]);
    }

    private Task<AppendOutcome> Acknowledge(long epoch) => Store.AppendAsync(
        StreamId.Bot, -1, 0, [new FootprintsAcknowledged(Journals.At(90), Journals.Ben, "its host burned", "alpha", epoch, [])], [], default);

    private static Unlocked Unlock(long epoch) => new(Journals.At(150), Journals.Ben, "its host burned", "alpha", epoch);

    private static LeaseTaken Take(long epoch, string cluster = "alpha") => new(Journals.At(100), cluster, epoch);

    private Task Began(JobId job, string cluster) =>
        Appended(job, 0, [Journals.Birth(job.Value, cluster), new Began(Journals.At(1))]);
}
