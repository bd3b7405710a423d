using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Scylla.Os;

/// <summary>An attempt that ends before anybody knows what became of its command: the next one learns that first.</summary>
public sealed class UnsettledTests
{
    private const string Log = "- task: !run-command\n    command: [logger, hello]\n    restarts_scylla: false";

    [Fact]
    public void R12_a_command_whose_node_stays_away_for_ten_minutes_has_run_once_after_further_attempts()
    {
        using var job = new OsJob(Log + "\n  retries: 9\n  retry_delay_seconds: 60");
        AwayFor(job, TimeSpan.FromMinutes(10), "logger hello");
        job.Well();
        Assert.Equal(["logger"], job.Effects);
        var failures = job.Bed.Events.OfType<StepFailed>().ToArray();
        Assert.True(failures.Length > 2);
        Assert.All(failures, f => Assert.Contains($"scp-{job.Id}-1.1-1-logger-hello", f.Unsettled!.Value));
        Assert.Equal(failures.Length + 1, job.Bed.Events.OfType<StepSucceeded>().Single(s => s.Key.Node == "b1").Attempt);
    }

    [Fact]
    public void R12_nor_does_a_retry_by_a_human_run_it_again()
    {
        using var job = new OsJob(Log);
        AwayFor(job, TimeSpan.FromMinutes(10), "logger hello");
        job.Halt();
        job.Bed.Pass(TimeSpan.FromMinutes(11));
        Retry(job);
        job.Well();
        Assert.Equal(["logger"], job.Effects);
    }

    [Fact]
    public void R12_a_deadline_settles_nothing()
    {
        // It halts while the command is at work and while nobody answers.
        using var job = new OsJob(Log + "\n  timeout_seconds: 15");
        AwayFor(job, TimeSpan.FromMinutes(10), "logger hello");
        Assert.Contains("did not finish by its deadline", job.Halt(), StringComparison.Ordinal);
        job.Bed.Pass(TimeSpan.FromMinutes(11));
        Retry(job);
        job.Well();
        Assert.Equal(["logger"], job.Effects);
    }

    [Fact]
    public void R12_what_is_unknown_stays_so_through_an_attempt_that_did_not_come_to_ask()
    {
        using var job = new OsJob(Log);
        AwayFor(job, TimeSpan.FromMinutes(10), "logger hello");
        job.Halt();
        job.Bed.Pass(TimeSpan.FromMinutes(11));

        // The second attempt fails for a reason of its own, long before it would ask for the command.
        job.Bed.Kill();
        job.Bed.StartHost(c => c with { Enables = c.Enables.Remove("run-command") });
        Retry(job);
        Assert.Contains("does not enable run-command", job.Halt(), StringComparison.Ordinal);

        job.Bed.Kill();
        job.Bed.StartHost(c => c with { Enables = c.Enables.Add("run-command") });
        Retry(job);
        job.Well();
        Assert.Equal(["logger"], job.Effects);
    }

    [Fact]
    public void R12_a_host_that_dies_and_then_meets_a_silent_node_does_not_forget_what_it_began()
    {
        using var job = new OsJob("- task: !run-command\n    command: [logger, hello]\n    restarts_scylla: false\n  retries: 9\n  retry_delay_seconds: 60");
        var isDead = false;
        AwayFor(job, TimeSpan.FromMinutes(10), "logger hello", () =>
        {
            isDead = true;
            job.Bed.Kill();
        });
        job.Start();
        job.Bed.Until(() => isDead);
        job.Bed.Pass(TimeSpan.FromSeconds(7));
        Assert.Empty(job.Bed.StartHost());
        job.Well();
        Assert.Equal(["logger"], job.Effects);
        Assert.NotEmpty(job.Bed.Events.OfType<StepFailed>());
    }

    [Fact]
    public void R11_what_is_known_to_have_failed_is_done_again_by_the_next_attempt()
    {
        using var job = new OsJob("- task: !install-packages\n    versions: [scylla-manager-agent=9.9-1]\n    restarts_scylla: false");
        var receipts = new List<string>();
        job.Bed.Ports.Saw = call =>
        {
            if (call.What.Contains(" install ", StringComparison.Ordinal))
            {
                receipts.Add(call.Step!);
            }
        };
        job.Halt();
        Assert.Null(job.Bed.Events.OfType<StepFailed>().Single().Unsettled);
        Retry(job);
        job.Halt();
        Assert.Equal([$"{job.Id}/1.1/1", $"{job.Id}/1.1/2"], receipts);
        Assert.Equal(2, job.Bed.Job(job.Id).Step(new StepKey("1.1", "b1"))!.ReceiptAttempt);
    }

    [Fact]
    public void R12_a_job_of_Salts_keeps_its_id_while_the_master_is_away()
    {
        var options = BedWorkflows.Own("- task: !salt-highstate\n    via: api\n  retries: 9\n  retry_delay_seconds: 60") with { WithServices = true };
        using var bed = new EngineBed(options: options);
        bed.World.Agenda.Run(() => bed.World.Clusters[0].Services.OfType<Sandbox.Clusters.SimSalt>().Single().Password = BedClusters.SaltPassword.Placeholder);
        var (asked, looks, until) = (new HashSet<string>(StringComparer.Ordinal), 0, TimeSpan.Zero);
        bed.Ports.Fate = call =>
        {
            if (call.Node != "salt")
            {
                return Loss.None;
            }

            if (call.What.Contains("/jobs/", StringComparison.Ordinal))
            {
                // Before the start, right after it, and ten seconds later: from then on nobody reaches the master.
                asked.Add(call.What);
                until = ++looks == 3 ? bed.Time.Elapsed + TimeSpan.FromMinutes(8) : until;
            }

            return bed.Time.Elapsed < until ? Loss.Before : Loss.None;
        };
        var id = bed.Run(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.True(bed.Events.OfType<StepFailed>().Count() > 2);
        Assert.Single(asked);
    }

    /// <summary>The node gets the command that begins so, and from then on nobody reaches it for a while.</summary>
    private static void AwayFor(OsJob job, TimeSpan time, string command, Action? then = null)
    {
        var until = TimeSpan.Zero;
        job.Bed.Ports.Fate = call =>
        {
            if (call.Node != "b1")
            {
                return Loss.None;
            }

            if (until == TimeSpan.Zero && call.What.StartsWith(command, StringComparison.Ordinal))
            {
                until = job.Bed.Time.Elapsed + time;
                then?.Invoke();
                return Loss.After;
            }

            return job.Bed.Time.Elapsed < until ? Loss.Before : Loss.None;
        };
    }

    private static void Retry(OsJob job) =>
        BedPeople.Yes(job.Bed.Do(c => c.RetryAsync(BedPeople.Mara, job.Id, extend: true, CancellationToken.None)));
}
