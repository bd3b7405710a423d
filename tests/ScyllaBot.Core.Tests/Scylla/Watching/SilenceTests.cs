using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Scylla.Watching;

public sealed class SilenceTests
{
    [Fact]
    public void R28_a_silence_covers_one_node_for_a_quarter_of_an_hour_and_no_quorum_alert()
    {
        using var bed = new WatchBed();
        bed.Run(new SilenceAlerts());
        var silence = Assert.Single(bed.Alerts.Silences);
        Assert.Equal(TimeSpan.FromMinutes(15), silence.EndsAt - silence.StartsAt);
        Assert.Equal(("scyllabot", "scyllabot job=01JOB step=1.2 node=b1 seconds=900"), (silence.CreatedBy, silence.Comment));

        bed.Stop("b1", "c1", "d1");
        Assert.Equal("2 alerts fire: InstanceDown (10.0.0.3), InstanceDown (10.0.0.4)", bed.WhyNot(new NoFiringAlerts { Ignore = ["ScyllaQuorumLost"] }));
        Assert.Contains("ScyllaQuorumLost (10.0.0.2)", bed.WhyNot(new NoFiringAlerts { Filter = ["severity=\"critical\""] }), StringComparison.Ordinal);
        bed.Run(new SilenceAlerts(), "b2");
        Assert.Contains("ScyllaQuorumLost (10.0.0.2)", bed.WhyNot(new NoFiringAlerts()), StringComparison.Ordinal);

        bed.Pass(15);
        Assert.Contains("InstanceDown (10.0.0.1)", bed.WhyNot(new NoFiringAlerts()), StringComparison.Ordinal);
    }

    [Fact]
    public void Twice_is_once_and_the_second_half_is_made_longer()
    {
        using var bed = new WatchBed();
        bed.Run(new SilenceAlerts());
        bed.Run(new SilenceAlerts());
        Assert.Equal(["b1 silence"], bed.Effects);

        bed.Pass(10);
        bed.Run(new SilenceAlerts());
        Assert.Equal(["b1 silence", "b1 silence-renewed"], bed.Effects);
        Assert.InRange((Single(bed).EndsAt - Single(bed).StartsAt).TotalMinutes, 24.9, 25.1);
    }

    [Theory]
    [InlineData(Loss.Before), InlineData(Loss.After)]
    public void An_exchange_that_is_lost_leaves_one_silence(Loss loss)
    {
        using var bed = new WatchBed();
        var lost = 0;
        bed.Ports.Fate = call => call.Changes && lost++ == 0 ? loss : Loss.None;
        bed.Run(new SilenceAlerts());
        Assert.Equal(["b1 silence"], bed.Effects);

        lost = 0;
        bed.Run(new UnsilenceAlerts());
        Assert.Equal(["b1 silence", "b1 unsilence"], bed.Effects);
        bed.Run(new UnsilenceAlerts());
        Assert.Equal(2, bed.Effects.Count());
    }

    [Fact]
    public void Only_our_own_silences_on_that_node_are_ended_of_whichever_job()
    {
        using var bed = new WatchBed();
        var client = Alertmanager.Of(bed.OfCluster());
        var now = bed.OfCluster().Time.GetUtcNow();
        bed.Do(() => client.PutSilenceAsync(new Silence(
            null, [new LabelMatcher("instance", "10.0.0.1", false, true)], now, now + TimeSpan.FromHours(2), "mara", "scyllabot job=x node=b1", "active"), CancellationToken.None));
        bed.Run(new SilenceAlerts(), "c1");
        bed.Run(new SilenceAlerts());

        bed.Stamp = new StepStamp("02JOB", "1", 1, 8);
        bed.Run(new UnsilenceAlerts());
        var left = bed.Do(() => client.SilencesAsync(CancellationToken.None)).Where(s => !s.IsOver).ToArray();
        Assert.Equal(["mara", "scyllabot"], left.Select(s => s.CreatedBy).Order());
        Assert.Contains(left, s => s.Comment.Contains("node=c1", StringComparison.Ordinal));
    }

    [Fact]
    public void R28_while_the_job_lives_its_silences_are_renewed_and_then_they_run_out()
    {
        using var bed = new WatchBed();
        bed.Run(new SilenceAlerts());
        Work(bed, minutes: 40);
        Assert.Equal("active", Single(bed).StateAt(bed.OfCluster().Time.GetUtcNow()));
        Assert.Single(bed.Alerts.Silences);

        bed.Pass(16);
        Assert.Equal("expired", Single(bed).StateAt(bed.OfCluster().Time.GetUtcNow()));
    }

    [Fact]
    public void R28_a_halted_job_is_alive_and_a_dead_bot_mutes_nothing()
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("- task: !silence-alerts\n- task: !probe\n- task: !unsilence-alerts") with { WithServices = true });
        bed.Ports.ProbeAsync = (_, _, _) => throw new UnrecoverableException("no");
        var id = bed.Start(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Halted);
        bed.Pass(TimeSpan.FromMinutes(40));
        var silence = Assert.Single(bed.World.Clusters[0].Services.OfType<Sandbox.Clusters.SimAlertmanager>().Single().Silences);
        Assert.Equal("active", silence.StateAt(bed.Time.GetUtcNow()));

        bed.Kill();
        bed.Pass(TimeSpan.FromMinutes(16));
        Assert.Equal("expired", silence.StateAt(bed.Time.GetUtcNow()));
    }

    [Fact]
    public void Renewing_leaves_other_jobs_silences_alone_and_survives_an_Alertmanager_that_is_away()
    {
        using var bed = new WatchBed();
        bed.Run(new SilenceAlerts());
        bed.Stamp = bed.Stamp with { Job = "02JOB" };
        bed.Ports.Fate = _ => Loss.Before;
        Work(bed, minutes: 8);
        Assert.Contains(bed.Log, l => l.StartsWith("Warning: silences are not renewed now", StringComparison.Ordinal));

        bed.Ports.Fate = _ => Loss.None;
        Work(bed, minutes: 20);
        Assert.Equal("expired", Single(bed).StateAt(bed.OfCluster().Time.GetUtcNow()));
    }

    [Theory]
    [InlineData("ScyllaQuorumLost", false), InlineData("operation_unavailable", false), InlineData("Split Brain", false), InlineData("InstanceDown", true)]
    public void R28_an_alert_about_the_quorum_can_not_be_named(string alert, bool isAllowed)
    {
        var source = WorkflowSource.Read("w.yaml", $$"""
            name: n
            cluster_tasks:
            - task: !node-workflow
                name: n
                node_tasks:
                - task: !silence-alerts {alerts: ["{{alert}}"]}
            """, TaskCatalog.Core);
        Assert.Equal(isAllowed, source.Errors.IsEmpty && source.Bind(TestClusters.Values()) is WorkflowBinding.Bound);
    }

    [Fact]
    public void Named_alerts_alone_are_silenced()
    {
        using var bed = new WatchBed();
        bed.Run(new SilenceAlerts { Alerts = ["CompactionBacklog"] });
        bed.Stop("b1");
        Assert.Contains("InstanceDown (10.0.0.1)", bed.WhyNot(new NoFiringAlerts()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_Alertmanager_that_hears_nothing_proves_nothing()
    {
        using var bed = new WatchBed();
        Assert.Null(bed.WhyNot(new NoFiringAlerts()));
        Assert.Equal(0, Assert.Single(bed.Readings).Value);
        Assert.Equal("Watchdog does not fire: Alertmanager hears nothing", bed.WhyNot(new NoFiringAlerts { Heartbeat = "Watchdog" }));
    }

    [Fact]
    public void Without_an_Alertmanager_a_human_is_called()
    {
        using var bed = new WatchBed();
        bed.Cluster = bed.Cluster with { Alertmanager = null };
        Assert.Throws<UnrecoverableException>(() => bed.Run(new SilenceAlerts()));
    }

    [Fact]
    public void A_whole_job_keeps_its_silence_until_it_ends_it()
    {
        // The engine itself renews: the wait of a single step lasts far longer than the silence.
        using var bed = new EngineBed(options: BedClusters_Own());
        var alerts = bed.World.Clusters[0].Services.OfType<Sandbox.Clusters.SimAlertmanager>().Single();
        bed.StartHost(cluster => cluster with
        {
            Alertmanager = new(new Uri($"http://services.{BedClusters.Name}/alertmanager"), System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, []),
        });
        var ready = false;
        bed.Ports.WhyNot = (_, _) => ready ? null : "not yet";
        var job = bed.Start(BedPeople.Own("b1"));
        bed.Until(() => alerts.Silences.Count == 1);
        bed.Pass(TimeSpan.FromMinutes(50));
        Assert.Equal("active", alerts.Silences[0].StateAt(bed.Time.GetUtcNow()));

        ready = true;
        bed.UntilState(job, JobState.Ended);
        Assert.Equal("expired", Assert.Single(alerts.Silences).StateAt(bed.Time.GetUtcNow()));
    }

    private static BedOptions BedClusters_Own() => BedWorkflows.Own("""
        - task: !silence-alerts
        - task: !wait-for-conditions
            conditions:
              - condition: !holds
                timeout_seconds: 7200
        - task: !unsilence-alerts
        """);

    /// <summary>Steps of four minutes: the bed lets no call take longer than ten.</summary>
    private static void Work(WatchBed bed, int minutes)
    {
        for (var done = 0; done < minutes; done += 4)
        {
            bed.Do(async () =>
            {
                using var over = new CancellationTokenSource();
                var renewing = AlertSilences.RenewUntilAsync(bed.OfCluster(), () => true, over.Token);
                await Task.Delay(TimeSpan.FromMinutes(4), bed.OfCluster().Time);
                over.Cancel();
                await renewing;
            });
        }
    }

    private static Sandbox.Clusters.SimSilence Single(WatchBed bed) => Assert.Single(bed.Alerts.Silences);
}
