using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R19: taken over by hand, and handed back as a new plan.</summary>
public sealed class HandTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> NoChoices = ImmutableSortedDictionary<string, string>.Empty;

    private EngineBed _bed = new();

    [Fact]
    public void R19_a_takeover_lets_the_held_node_finish_and_then_does_nothing_more()
    {
        var id = TakenOver("b1");
        var effects = _bed.Effects.Count();
        _bed.Pass(TimeSpan.FromMinutes(50));

        Assert.Equal((JobState.Paused, PauseCause.ByHand, true), (_bed.Job(id).State, _bed.Job(id).Pause!.Cause, _bed.Job(id).Pause!.IsHandsOff));
        Assert.Equal("b1", Assert.Single(_bed.Effects.Select(e => e.Node).Distinct()));
        Assert.Equal(effects, _bed.Effects.Count());
        var seen = Assert.Single(_bed.Events.OfType<HandsOff>()).Nodes;
        Assert.Equal(["b1", "b2", "c1", "d1"], seen.Select(n => n.Node));
        Assert.All(seen, n => Assert.True(n is { Generation: not null, Version: not null, Config: not null }, $"{n}"));
        Assert.Contains("by hand", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R19_an_untouched_cluster_is_handed_back_at_once_and_goes_on_as_a_new_plan()
    {
        var id = TakenOver("b1");
        var compared = _bed.Do(() => _bed.Control.CompareAsync(id, default))!.Value;
        Assert.Equal(HandStatus.DoneByTheJob, Status(compared, "b1"));
        Assert.Equal(HandStatus.Untouched, Status(compared, "c1"));

        var before = _bed.Job(id).PlanHash;
        Yes(HandBack(id));
        Assert.NotEqual(before, _bed.Job(id).PlanHash);
        Assert.Equal(_bed.Job(id).PlanHash, _bed.Events.OfType<HandedBack>().Single().PlanHash);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R19_what_was_restarted_by_hand_is_shown_and_needs_a_word()
    {
        var id = TakenOver("b1");
        Restart("c1");
        var compared = _bed.Do(() => _bed.Control.CompareAsync(id, default))!.Value;
        Assert.Equal(HandStatus.ChangedByHand, Status(compared, "c1"));
        Assert.Contains("generation", compared.Single(c => c.Node == "c1").What, StringComparison.Ordinal);
        Assert.Contains("Changed by hand: c1", No(HandBack(id)), StringComparison.Ordinal);

        Yes(HandBack(id, "c1", HandbackChoice.Done));
        _bed.UntilState(id, JobState.Ended);
        Assert.DoesNotContain("c1", _bed.Events.OfType<NodeHeld>().Select(h => h.Node));
        Assert.Equal(["b1", "b2", "d1"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node).Order());
    }

    [Fact]
    public void R19_redo_does_a_finished_node_again_and_skip_drops_one()
    {
        var id = TakenOver("b1");
        Restart("b1");
        Yes(HandBack(id, "b1", HandbackChoice.Redo, "d1", HandbackChoice.Skip));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["b1", "b1", "b2", "c1"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node).Order());
        Assert.Contains("d1", _bed.Job(id).SkippedNodes.Keys);
        Assert.Equal(2, _bed.Effects.Count(e => e is { Kind: "drain", Node: "b1" }));
    }

    [Fact]
    public void R21_marking_done_needs_an_approver_who_on_production_does_not_own_the_job()
    {
        Use(new BedOptions { Environment = ClusterEnvironment.Production });
        var id = TakenOver("b1");
        Restart("c1");
        Assert.Contains("approver right", NotYou(_bed.Press(c => c.HandBackAsync(Operator, id, NoChoices, HandbackChoice.Done, default))), StringComparison.Ordinal);
        Assert.Contains("another approver", NotYou(_bed.Press(c => c.HandBackAsync(Mara, id, NoChoices, HandbackChoice.Done, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.HandBackAsync(Jon, id, NoChoices, HandbackChoice.Done, default)));
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R19_people_are_reminded_every_hour_through_the_outbox()
    {
        var id = TakenOver("b1");
        _bed.Pass(TimeSpan.FromMinutes(185));
        Assert.Equal(3, _bed.Events.OfType<HandReminded>().Count());
        var hands = _bed.Stored(s => s.OutboxAsync(id, default)).Where(r => r.Kind == OutboxItems.Hand).ToArray();
        Assert.Equal(4, hands.Length);
        Assert.Contains("Still by hand", hands[^1].Payload, StringComparison.Ordinal);
        Assert.Contains("the disk is full", hands[^1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void R19_it_stays_by_hand_over_a_restart_of_the_bot_and_its_guards_stay_off()
    {
        var id = TakenOver("b1");
        _bed.Kill();
        _bed.StartHost();
        _bed.World.Agenda.Run(() => _bed.Sim("d1").Kill(Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal((JobState.Paused, PauseCause.ByHand), (_bed.Job(id).State, _bed.Job(id).Pause!.Cause));
        Assert.Empty(_bed.Events.OfType<JobHeld>());
        Assert.Contains("🖐 By hand", JobCard.Render(_bed.Do(() => _bed.Control.ShowAsync(id, default))!, _bed.Time.GetUtcNow(), false).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void R19_a_halted_job_hands_its_node_over_as_it_lies_and_it_is_not_skipped_while_it_is_down()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.TakeOverAsync(Operator, id.Value, "its disk", default)));
        _bed.UntilState(id, JobState.Paused);
        Assert.Equal("b1", Assert.Single(_bed.Job(id).Held.Keys));
        Assert.Contains("(R4)", No(HandBack(id, "b1", HandbackChoice.Skip)), StringComparison.Ordinal);

        _bed.World.Agenda.Run(() => _bed.Sim("b1").StartProcess());
        _bed.Until(() => _bed.Sim("b1").Serves);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Yes(HandBack(id, "b1", HandbackChoice.Done));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Empty(_bed.Job(id).Held);
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R19_a_cluster_without_a_job_is_leased_by_hand_until_everyone_sees_everyone_again()
    {
        var id = Yes(_bed.Press(c => c.TakeOverAsync(Operator, BedClusters.Name, "new disks", default)));
        _bed.UntilState(id, JobState.Paused);
        Assert.Equal(id, _bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
        var plan = _bed.Plan();
        Assert.Contains("worked on by hand by otto", No(_bed.Press(c => c.StartAsync(Mara, plan, default))), StringComparison.Ordinal);
        Assert.Contains("by hand already", No(_bed.Press(c => c.TakeOverAsync(Operator, BedClusters.Name, "me too", default))), StringComparison.Ordinal);

        Restart("c1");
        Yes(HandBack(id));
        _bed.UntilState(id, JobState.Ended);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
        Assert.DoesNotContain(_bed.Effects, e => e.Step is not null);
    }

    [Fact]
    public void R19_a_takeover_of_a_leased_cluster_takes_its_job_over_and_a_reason_is_asked_for()
    {
        var id = _bed.Run();
        Assert.Contains("reason", No(_bed.Press(c => c.TakeOverAsync(Operator, BedClusters.Name, " ", default))), StringComparison.Ordinal);
        Assert.Equal(id, Yes(_bed.Press(c => c.TakeOverAsync(Operator, BedClusters.Name, "x", default))));
        Assert.Contains("safe point", No(HandBack(id)), StringComparison.Ordinal);
    }

    [Fact]
    public void R19_a_handback_voids_the_approvals_of_steps_that_have_not_begun()
    {
        Use(BedWorkflows.Own("- task: !probe", after: """
            - task: !probe
                does: last
              approval:
                message: Really?
            """));
        var id = _bed.Start(Own("b1"));
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey("2"));
        Yes(_bed.Press(c => c.TakeOverAsync(Operator, id.Value, "x", default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Approve(id, "2"));
        Yes(HandBack(id));
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Count(a => a.Key == "2") == 2);
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.True(_bed.Job(id).Approvals["2"].IsOpen);
        Assert.Equal(_bed.Job(id).PlanHash, _bed.Job(id).Approvals["2"].Asked.PlanHash);
        Yes(_bed.Approve(id, "2"));
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R19_of_any_crash_between_takeover_and_handback_nothing_is_done_twice()
    {
        for (var dies = 1; dies <= 6; dies++)
        {
            using var bed = new EngineBed(dies);
            var id = bed.Run();
            bed.Until(() => bed.Effects.Any(e => e is { Kind: "stop", Node: "b1" }));
            bed.Store.DiesAt = bed.Store.Appends + dies;
            bed.TryDo(() => bed.Control.TakeOverAsync(Operator, id.Value, "x", default), out _);
            bed.TryUntil(() => bed.Store.HasDied || bed.Job(id).Pause is { IsHandsOff: true }, TimeSpan.FromHours(1));
            bed.Kill();
            bed.StartHost();
            Assert.True(bed.Job(id).Pause is { Cause: PauseCause.ByHand });
            bed.Until(() => bed.Job(id).Pause is { IsHandsOff: true });
            Yes(bed.Do(c => c.HandBackAsync(Jon, id, NoChoices, null, default)));
            bed.UntilState(id, JobState.Ended);
            Assert.Equal(4, bed.Effects.Count(e => e.Kind == "drain"));
            Assert.True(bed.Verdict().Healthy);
        }
    }

    [Fact]
    public void R19_a_node_that_was_brought_up_before_the_takeover_begins_anew_after_the_handback()
    {
        Use(BedWorkflows.Own("""
            - task: !scylla-drain
            - task: !systemd-stop-scylla-server
            - task: !take-down
                does: install
            - task: !systemd-start-service
                service: scylla-server
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
            """));
        var units = new List<string>();
        _bed.Ports.ProbeAsync = (does, _, _) =>
        {
            units.Add(_bed.Sim("b1").Unit.ActiveState);
            return units.Count == 1 ? throw new InvalidOperationException("no room for it") : Task.CompletedTask;
        };
        var id = _bed.Run(Own("b1"));
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Yes(_bed.Press(c => c.TakeOverAsync(Operator, id.Value, "its disk", default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(HandBack(id));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(["inactive", "inactive"], units);
        Assert.Equal(2, _bed.Effects.Count(e => e.Kind == "stop"));
        Assert.Equal(2, _bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R19_no_press_ends_a_takeover_even_when_another_machine_stands_there_now()
    {
        var id = TakenOver("b1");
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", "11111111-2222-4333-8444-555555555555", StringComparison.Ordinal) : body;
        _bed.Pass(TimeSpan.FromSeconds(10));
        Assert.Contains("by hand", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        No(_bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        No(_bed.Press(c => c.SkipAsync(Jon, id, "c1", default)));
        Assert.Contains("works on it by hand", NotYou(_bed.Press(c => c.AbortAsync(Mara, id, false, default))), StringComparison.Ordinal);
        Assert.Equal((JobState.Paused, PauseCause.ByHand), (_bed.Job(id).State, _bed.Job(id).Pause?.Cause));
        Assert.Empty(_bed.Events.OfType<PlanDrifted>());
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, false, default)));
    }

    [Fact]
    public void R19_a_node_that_fails_on_the_way_to_the_safe_point_does_not_end_the_takeover()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = TakenOver("b1");
        Assert.Single(_bed.Events.OfType<Halted>());
        Assert.Equal((PauseCause.ByHand, true, "otto"), (_bed.Job(id).Pause!.Cause, _bed.Job(id).Pause!.IsHandsOff, _bed.Job(id).Pause!.By.Name));
        Assert.Equal("b1", Assert.Single(_bed.Job(id).Held.Keys));
        No(_bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        _bed.World.Agenda.Run(() => _bed.Sim("b1").StartProcess());
        _bed.Until(() => _bed.Sim("b1").Serves);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Yes(HandBack(id, "b1", HandbackChoice.Done));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    public void Dispose() => _bed.Dispose();

    private static HandStatus Status(ImmutableArray<HandCompared> compared, string node) => compared.Single(c => c.Node == node).Status;

    private Outcome HandBack(JobId id, params string[] choices) => _bed.Press(c => c.HandBackAsync(
        Jon, id, choices.Chunk(2).ToImmutableSortedDictionary(c => c[0], c => c[1], StringComparer.Ordinal), null, default));

    private JobId TakenOver(string node)
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop" && e.Node == node));
        Yes(_bed.Press(c => c.TakeOverAsync(Operator, id.Value, "the disk is full", default)));
        _bed.UntilState(id, JobState.Paused);
        return id;
    }

    private void Restart(string node)
    {
        _bed.World.Agenda.Run(() => _bed.Sim(node).Kill(Cause.Nobody));
        _bed.Pass(TimeSpan.FromSeconds(10));
        _bed.World.Agenda.Run(() => _bed.Sim(node).StartProcess());
        _bed.Until(() => _bed.Sim(node).Serves);
        _bed.Pass(TimeSpan.FromMinutes(1));
    }

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
