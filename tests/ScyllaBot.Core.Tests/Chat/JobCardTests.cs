using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Chat.Sample;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class JobCardTests
{
    private static readonly LiveWait Compactions = new(
        Drain, "compactions nominal", null, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(20), At(200), At(440), At(245), "3 compactions pending");

    [Fact]
    public void A_job_that_waits_for_its_approval() => Match("card-waiting", Live(Job(StartQuestion())));

    [Fact]
    public void A_running_job_with_a_node_down_and_a_window_that_runs() =>
        Match("card-running", Live(Running(Draining), NodeProgressState.Held, Compactions));

    [Fact]
    public void A_running_job_whose_condition_does_not_hold() => Match("card-waits", Live(
        Running(Draining), NodeProgressState.Held, Compactions with { Why = "14 compactions pending, 0 expected", HeldFor = TimeSpan.Zero }));

    [Fact]
    public void A_failed_step_with_an_attempt_to_come() => Match("card-retry", Live(
        Running([.. Draining, new StepFailed(At(100), Drain, 1, true, "ssh: connection reset", At(400))]), NodeProgressState.Held));

    [Fact]
    public void A_halted_job() => Match("card-halted", Live(HaltedJob(), NodeProgressState.Held));

    [Fact]
    public void A_paused_job() => Match("card-paused", Live(Running(new PauseAsked(At(5), Operator), new PauseReached(At(6)))));

    [Fact]
    public void An_aborting_job() => Match("card-aborting", Live(HaltedJob(new AbortAsked(At(260), Colleague, false)), NodeProgressState.Held));

    [Fact]
    public void A_job_that_succeeded_offers_nothing()
    {
        var job = Running(new Ended(At(290), JobOutcome.Succeeded, "all steps passed"));
        var live = Live(job);
        Match("card-succeeded", live with { Nodes = [.. live.Nodes.Select(n => n with { State = NodeProgressState.Done })], WhyNotNext = null });
    }

    [Theory]
    [InlineData(3, 30)]
    [InlineData(90, 1)]
    [InlineData(1, 90)]
    public void Ninety_nodes_fit_however_they_are_spread_and_however_hostile_the_texts_are(int zones, int perZone)
    {
        foreach (var evil in Evil.Texts)
        {
            var created = Created(perZone, zones, evil, evil) with { Cluster = evil };
            var key = new StepKey("1.1", created.Targets[0].Name);
            var held = created.Targets.SelectMany(t => new JobEvent[]
            {
                new NodeHeld(At(3), t.Name, new StepKey("1.1", t.Name)), new StepStarted(At(3), new StepKey("1.1", t.Name), 1, null),
                new StepFailed(At(4), new StepKey("1.1", t.Name), 1, true, evil, null),
            });
            var job = Core.Jobs.Job.From(Id, 
                [created, new Began(At(2)), StartQuestion() with { Message = evil }, .. held, new Halted(At(9), key, false, evil, evil)]);
            var waits = created.Targets.Select(t => Compactions with { Key = new StepKey("1.1", t.Name), Condition = evil, Why = evil });
            var live = Live(job, NodeProgressState.Held, [.. waits]) with { WhyNotNext = evil, NextNodes = [.. created.Targets.Select(t => t.Name)] };

            Evil.AssertFits(JobCard.Render(live, At(300), sandbox: true));
        }
    }

    [Fact]
    public void All_ninety_nodes_of_three_zones_are_on_the_map()
    {
        var created = Created(nodesPerZone: 30);
        var job = Core.Jobs.Job.From(Id, [created, new Began(At(2))]);
        var body = JobCard.Render(Live(job, NodeProgressState.Held), At(300), false).Body.Split('\n');
        Assert.Equal([29, 30, 30], body.Take(3).Select(line => line.Count(c => c == '▫')));
        Assert.Contains("🟠 1 down by us", body[3], StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_never_rings() =>
        Assert.Equal(Mentions.None, JobCard.Render(Live(HaltedJob()), At(300), false).Mentions);

    [Fact]
    public void Zones_stand_in_the_order_of_the_plan()
    {
        var live = Live(Running());
        var reversed = live with { Plan = live.Plan! with { Waves = [.. live.Plan.Waves.Reverse()] } };
        Assert.StartsWith("`us-east1/rack2`", JobCard.Render(reversed, At(300), false).Body, StringComparison.Ordinal);
    }

    private static void Match(string name, LiveJob live) => Snapshot.Match(name, NoticeText.Of(JobCard.Render(live, At(300), sandbox: true)));
}
