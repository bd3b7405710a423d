using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R7, R10: a node that its timer brought up while the job stands halted is held, and not down.</summary>
public sealed class HeldAgainTests : IDisposable
{
    private readonly EngineBed _bed = new();

    private DebtKeeper Keeper => new(_bed.Store, _bed.Control, _bed.Time, sandbox: true, NullLogger<DebtKeeper>.Instance);

    [Fact]
    public void R10_what_the_timer_brought_up_is_said_to_be_up_and_the_timer_is_owed_no_more()
    {
        var id = HaltedWithItsNodeDown();
        Look();
        Assert.Equal(DebtKind.RescueTimer, Assert.Single(_bed.Job(id).Debts.Values).Kind);
        Assert.Contains("b1 is down by us for", Why(id), StringComparison.Ordinal);

        _bed.Until(() => _bed.Sim("b1").Serves, TimeSpan.FromHours(1));
        _bed.Pass(TimeSpan.FromHours(3));
        Look();
        Assert.Equal(JobState.Halted, _bed.Job(id).State);
        Assert.Empty(_bed.Job(id).Debts);
        Assert.Empty(_bed.Stored(s => s.DebtsAsync(new DebtFilter(BedClusters.Name), default)));
        Assert.Matches("b1 is held by us for 3 h [0-9]+ min; everyone sees it up again, and its process runs for [23] h", Why(id));

        var live = _bed.Do(() => _bed.Control.ShowAsync(id, default))!;
        var card = JobCard.Render(live, _bed.Time.GetUtcNow(), sandbox: true);
        Assert.DoesNotContain(card.Parts, p => p.Name == "Down by us");
        Assert.Contains("everyone sees it up again", card.Parts.Single(p => p.Name == "Held by us").Text, StringComparison.Ordinal);
        Assert.NotNull(JobViews.Of(live, _bed.Time.GetUtcNow()).Nodes.Single(n => n.Node == "b1").UpSince);

        Yes(_bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void A_node_that_only_waits_for_its_health_is_not_called_down_on_the_card()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Do(() => _bed.Control.ShowAsync(id, default))!.UpAgain.ContainsKey("b1"));
        var card = JobCard.Render(_bed.Do(() => _bed.Control.ShowAsync(id, default))!, _bed.Time.GetUtcNow(), sandbox: true);
        Assert.Contains("1 held, up again", card.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_was_not_stopped_yet_is_not_called_up_again()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Job(id).Held.ContainsKey("b1") && _bed.Sim("b1").Serves);
        Assert.Empty(_bed.Do(() => _bed.Control.ShowAsync(id, default))!.UpAgain);
    }

    public void Dispose() => _bed.Dispose();

    private JobId HaltedWithItsNodeDown()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        return id;
    }

    private string Why(JobId id) => string.Join('\n', _bed.Do(() => _bed.Control.WhyAsync(id, default))!.Value);

    private void Look() => _bed.Do(async () =>
    {
        await Keeper.LookAsync(default);
        return true;
    });
}
