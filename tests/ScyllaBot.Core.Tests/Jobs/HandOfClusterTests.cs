using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R19: a cluster that no job has, taken by hand and handed back.</summary>
public sealed class HandOfClusterTests : IDisposable
{
    private static readonly ImmutableArray<string> Members = ["b1", "b2", "c1", "d1"];

    private readonly EngineBed _bed = new(options: new BedOptions
    {
        Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice), SparesAreNew = true,
    });

    [Fact]
    public void R19_one_with_a_spare_machine_outside_of_the_ring_is_handed_back_too()
    {
        var id = TakenOver();
        Assert.Equal(Members, _bed.Job(id).Birth.Targets.Select(t => t.Name));
        HandsBack(id);
    }

    [Fact]
    public void R19_one_whose_ring_nobody_told_when_it_was_taken_is_handed_back_once_it_is_up()
    {
        _bed.Kill();
        Assert.Empty(_bed.StartHost(c => c.With(_ => Guid.Empty)));
        foreach (var name in Members)
        {
            _bed.World.Agenda.Run(() => _bed.Sim(name).Kill(Cause.Nobody));
        }

        _bed.Pass(TimeSpan.FromSeconds(30));
        var id = TakenOver();
        Assert.Contains("b3", _bed.Job(id).Birth.Targets.Select(t => t.Name));
        foreach (var name in Members)
        {
            _bed.World.Agenda.Run(() => _bed.Sim(name).StartProcess());
        }

        _bed.Until(() => Members.All(n => _bed.Sim(n).Serves));
        _bed.Pass(TimeSpan.FromMinutes(2));
        HandsBack(id);
    }

    [Fact]
    public void R19_its_card_shows_no_progress_and_nothing_that_comes_next_for_it_has_no_nodes_to_do()
    {
        var id = TakenOver();
        Assert.DoesNotContain(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Payload.Contains("to do", StringComparison.Ordinal) || r.Payload.Contains("nodes done", StringComparison.Ordinal));
        Shows(id, "By hand");
        HandsBack(id);
        Shows(id, "Succeeded");
    }

    public void Dispose() => _bed.Dispose();

    private JobId TakenOver()
    {
        var id = Yes(_bed.Press(c => c.TakeOverAsync(Operator, BedClusters.Name, "new disks", default)));
        _bed.UntilState(id, JobState.Paused);
        return id;
    }

    private void HandsBack(JobId id)
    {
        Yes(_bed.Press(c => c.HandBackAsync(Jon, id, ImmutableSortedDictionary<string, string>.Empty, HandbackChoice.Done, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
    }

    private void Shows(JobId id, string word)
    {
        var live = _bed.Do(() => _bed.Control.ShowAsync(id, default))!;
        var card = JobCard.Render(live, _bed.Time.GetUtcNow(), false);
        Assert.Contains(word, card.Title, StringComparison.Ordinal);
        Assert.DoesNotContain(card.Parts, p => p.Name is "Progress" or "Next");
        Assert.DoesNotContain("/4", card.Headline, StringComparison.Ordinal);
        Assert.Equal("", card.Body);
        Assert.Empty(live.NextNodes);
    }
}
