using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>The host may be killed at any instant; the next one carries on and repeats nothing.</summary>
public sealed class CrashTests
{
    [Fact]
    public void A_crash_after_any_append_loses_nothing_and_repeats_nothing()
    {
        var clean = RunWithCrashAt(null);
        Assert.True(clean > 30, $"only {clean} appends");
        for (var prefix = 1; prefix <= clean; prefix++)
        {
            RunWithCrashAt(prefix);
        }
    }

    [Fact]
    public void A_second_crash_right_after_the_first_is_no_worse()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.Until(() => bed.Effects.Any(e => e.Kind == "stop"));
        for (var i = 0; i < 5; i++)
        {
            bed.Kill();
            bed.Pass(TimeSpan.FromSeconds(0.3));
            bed.StartHost();
        }

        bed.UntilState(id, JobState.Ended);
        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 1);
        Assert.All(bed.Job(id).Steps.Values, s => Assert.Equal((StepStatus.Succeeded, 1), (s.Status, s.Attempt)));
    }

    [Fact]
    public void R11_a_drain_that_runs_while_the_host_is_killed_is_waited_for_and_not_asked_again()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.Until(() => bed.Effects.Any(e => e.Kind == "drain"));
        bed.Kill();
        bed.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal(OperationMode.Draining, bed.Sim("b1").Mode);
        bed.StartHost();
        bed.UntilState(id, JobState.Ended);
        Assert.Empty(bed.Events.OfType<Halted>());
        Assert.Equal(4, bed.Effects.Count(e => e.Kind == "drain"));
    }

    [Fact]
    public void R13_of_two_hosts_only_the_one_that_took_the_job_up_last_goes_on_writing()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.Until(() => bed.Effects.Any(e => e.Kind == "stop"));
        bed.StartSecondHost();
        bed.UntilState(id, JobState.Ended);
        bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Contains(bed.Complaints, c => c.Contains("was let go", StringComparison.Ordinal));
        Invariants.Hold(bed, id, limit: 1);
    }

    [Fact]
    public void A_job_whose_node_has_left_the_inventory_is_not_taken_up_R27()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.Until(() => bed.Effects.Any(e => e.Kind == "drain"));
        bed.Kill();
        var (stuck, why) = Assert.Single(bed.StartHost(c => c with { Nodes = c.Nodes.RemoveAt(3) }));
        Assert.Equal(id, stuck);
        Assert.Contains("d1", why, StringComparison.Ordinal);

        // R30: one ping, however often the bot is started, and a press is told the reason.
        var no = BedPeople.No(bed.Press(c => c.AbortAsync(BedPeople.Mara, id, now: false, CancellationToken.None)));
        Assert.Contains($"is open but can not go on here: {why}", no, StringComparison.Ordinal);
        bed.Kill();
        bed.StartHost();
        Assert.Contains("b1 may be down by us", Assert.Single(bed.Events.OfType<Halted>()).SafeNow, StringComparison.Ordinal);
        Assert.Single(bed.Stored(s => s.OutboxAsync(id, CancellationToken.None)), r => r.Kind == "halt");
    }

    [Fact]
    public void A_job_that_another_host_has_taken_over_says_so_to_whoever_presses()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.Until(() => bed.Effects.Any(e => e.Kind == "stop"));
        var first = bed.Control;
        bed.StartSecondHost();
        bed.Until(() => bed.Complaints.Any(c => c.Contains("was let go", StringComparison.Ordinal)));
        var no = BedPeople.No(bed.Do(() => first.PauseAsync(BedPeople.Mara, id, CancellationToken.None)));
        Assert.Contains("is open but can not go on here", no, StringComparison.Ordinal);
    }

    /// <returns>How many appends the run had.</returns>
    private static int RunWithCrashAt(int? prefix)
    {
        using var bed = new EngineBed();
        bed.Store.DiesAt = prefix;
        var plan = bed.Plan();
        Insist(bed, c => c.StartAsync(BedPeople.Mara, plan, CancellationToken.None));
        var id = bed.Stored(s => s.FindByRequestAsync(plan.Request.RequestId, CancellationToken.None))!.Value;
        Insist(bed, c => c.DecideAsync(BedPeople.Jon, id, Approvals.Start, approve: true, "", CancellationToken.None));
        if (!bed.TryUntil(() => bed.Job(id).State == JobState.Ended, TimeSpan.FromHours(3)))
        {
            Restart(bed);
            if (bed.Job(id).IsOpen)
            {
                bed.UntilState(id, JobState.Ended);
            }
        }

        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 1);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Empty(bed.Events.OfType<StepFailed>());
        Assert.All(bed.Job(id).Steps.Values, s => Assert.Equal((StepStatus.Succeeded, 1), (s.Status, s.Attempt)));
        return bed.Store.Appends;
    }

    /// <summary>A person who sees the bot die asks again when it is back.</summary>
    private static void Insist(EngineBed bed, Func<IJobControl, Task<Outcome>> verb)
    {
        if (!bed.TryDo(() => verb(bed.Control), out _))
        {
            Restart(bed);
            bed.Do(verb);
        }
    }

    private static void Restart(EngineBed bed)
    {
        bed.Pass(TimeSpan.FromSeconds(7));
        bed.StartHost();
    }
}
