using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs;

public sealed class ProjectionTests
{
    private static readonly JobId Id = new("0000000001AAAAAA");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Writing_only_what_changed_ends_with_the_rows_of_the_whole_fold(int batch)
    {
        var rows = ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal);
        Job? job = null;
        foreach (var events in Journals.Life.Chunk(batch))
        {
            var after = events.Aggregate(job, (now, e) => now is null ? Job.Begin(Id, e) : now.Apply(e))!;
            rows = Write(rows, Projection.Between(job, after, [.. events]));
            job = after;
            Assert.Equal(Write(rows.Clear(), Projection.Whole(job)), rows);
        }
    }

    [Fact]
    public void An_append_names_only_the_rows_it_changes()
    {
        var before = Job.From(Id, Journals.Life.Take(7));
        var failed = (StepFailed)Journals.Life[7];

        var change = Projection.Between(before, before.Apply(failed), [failed]);

        Assert.Equal(Journals.Drain, Assert.Single(change.Steps));
        Assert.Empty(change.Approvals);
        Assert.Empty(change.Nodes);
        Assert.False(change.IsNew);
    }

    [Fact]
    public void Leases_follow_from_the_epochs_whatever_order_the_journals_are_read_in()
    {
        var other = new JobId("0000000002AAAAAA");
        (JobId, JobEvent)[] journal =
        [
            (Id, new LeaseTaken(Journals.At(1), "alpha", 1)), (Id, new LeaseReleased(Journals.At(2), "alpha", 1)),
            (other, new LeaseTaken(Journals.At(3), "alpha", 2)), (other, new LeaseReleased(Journals.At(4), "alpha", 2)),
            (Id, new LeaseTaken(Journals.At(5), "alpha", 3)), (other, new LeaseTaken(Journals.At(6), "beta", 1)),
            (other, new LeaseReleased(Journals.At(7), "beta", 1)), (Id, new LeaseTaken(Journals.At(8), "gamma", 1)),
            (Id, new Unlocked(Journals.At(9), Journals.Ben, "", "gamma", 2)), (Id, new LeaseTaken(Journals.At(9), "delta", 7) { Class = LeaseClass.Background }),
        ];

        foreach (var order in new[] { journal, [.. journal.Reverse()], [.. journal.OrderByDescending(j => j.Item1)] })
        {
            var leases = Projection.Leases(order);
            Assert.Equal(new Lease("alpha", 3, Id, Journals.At(5)), leases["alpha"]);
            Assert.Equal(new Lease("beta", 1, null, Journals.At(7)), leases["beta"]);
            Assert.Equal(new Lease("gamma", 2, null, Journals.At(9)), leases["gamma"]);
            Assert.Equal(new Lease("delta", 7, Id, Journals.At(9)) { Class = LeaseClass.Background }, leases["delta"]);
        }
    }

    private static ImmutableSortedDictionary<string, object> Write(ImmutableSortedDictionary<string, object> rows, JobChange change)
    {
        var after = change.After;
        rows = rows.SetItem("job", Projection.Summary(after));
        rows = change.Steps.Aggregate(rows, (r, k) => Set(r, $"step {k}", after.Steps.GetValueOrDefault(k)));
        rows = change.Approvals.Aggregate(rows, (r, k) => Set(r, $"approval {k}", after.Approvals.GetValueOrDefault(k)));
        return change.Nodes.Aggregate(rows, (r, k) => Set(r, $"held {k}", after.Held.GetValueOrDefault(k)));
    }

    private static ImmutableSortedDictionary<string, object> Set(ImmutableSortedDictionary<string, object> rows, string key, object? row) =>
        row is null ? rows.Remove(key) : rows.SetItem(key, row);
}
