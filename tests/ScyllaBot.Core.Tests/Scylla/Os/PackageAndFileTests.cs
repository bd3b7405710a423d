using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Os;

public sealed class PackageAndFileTests
{
    private const string New = "2026.2.6-0.20260901.fedcba987654-1";

    [Fact]
    public void An_upgrade_shows_after_the_start_and_not_before()
    {
        using var job = new OsJob($"""
            - task: !systemd-stop-scylla-server
                restart_after_seconds: 0
            - task: !install-packages
                versions: [scylla={New}]
            - task: !hold-packages
                packages: [scylla, scylla-server]
            - task: !systemd-start-service
                service: scylla-server
            {OsJob.Wait}
            """);
        Assert.Equal("2026.2.5-0.20260816.0123abcdef12", job.Machine.RunningVersion);
        job.Well();
        Assert.Equal(New[..^2], job.Machine.RunningVersion);
        Assert.Equal(["scylla", "scylla-server"], job.Machine.Packages.Held);
        Assert.Contains($"scylla: 2026.2.5-0.20260816.0123abcdef12-1 → {New}", job.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_take_the_rescue_timer_away_before_they_change_R10()
    {
        using var job = new OsJob($"""
            - task: !systemd-stop-scylla-server
            - task: !install-packages
                versions: [scylla={New}]
            - task: !systemd-start-service
                service: scylla-server
            {OsJob.Wait}
            """).Well();
        Assert.Equal(["timer-armed", "stop", "timer-stopped"], job.Effects.Take(3));
    }

    [Theory]
    [InlineData("!install-packages {versions: [scylla-server=9.9-1], restarts_scylla: false}", "E: Version '9.9-1' for 'scylla-server' was not found")]
    [InlineData("!hold-packages {packages: [scyla]}", "E: Unable to locate package scyla")]
    [InlineData("!systemd-enable-service {service: no-such}", "no-such is not-found and can not be enabled")]
    [InlineData("!apply-scylla-yaml {settings: [compaction_throughput_mb_per_sek=1]}", "Scylla has no option compaction_throughput_mb_per_sek; did you mean compaction_throughput_mb_per_sec?")]
    [InlineData("!apply-scylla-yaml {settings: [\"num_tokens=[1\"]}", "the setting num_tokens is no YAML")]
    [InlineData("!apply-scylla-yaml {}", "needs either settings or text")]
    [InlineData("!set-config-live {settings: [num_tokens=77]}", "num_tokens is 4 on b1, not 77: the file was read, but this needs a restart")]
    [InlineData("!set-config-live {settings: [read_request_timeout_in_ms=soon]}", "Could not convert value 'soon' : read_request_timeout_in_ms")]
    [InlineData("!set-config-live {settings: [nonsense_option=1]}", "Scylla has no option nonsense_option")]
    [InlineData("!wipe-data {host_name: b2}", "the typed name b2 is not b1")]
    [InlineData("!wipe-data {host_name: b1}", "knows b1 as a member of the ring: decommission or remove it first")]
    public void What_can_not_be_is_refused_with_the_reason_and_leaves_nothing_behind(string task, string why)
    {
        using var job = new OsJob($"- task: {task}");
        var before = job.File(MachineFiles.ScyllaYaml);
        Assert.Contains(why, job.Halt(), StringComparison.Ordinal);
        Assert.Equal(before, job.File(MachineFiles.ScyllaYaml));
        Assert.True(job.Bed.Sim("b1").Serves);
    }

    [Fact]
    public void Held_packages_are_not_moved()
    {
        using var job = new OsJob($"- task: !hold-packages {{packages: [scylla]}}\n- task: !install-packages {{versions: [scylla={New}], restarts_scylla: false}}");
        Assert.Contains("b1: scylla is held: unhold-packages first", job.Halt(), StringComparison.Ordinal);

        using var freed = new OsJob($"""
            - task: !hold-packages
                packages: [scylla]
            - task: !unhold-packages
                packages: [scylla]
            - task: !install-packages
                versions: [scylla={New}]
                restarts_scylla: false
            """);
        freed.Well();
    }

    [Fact]
    public void Live_options_are_in_the_file_and_in_the_running_process()
    {
        using var job = new OsJob("- task: !set-config-live\n    settings: [compaction_throughput_mb_per_sec=64, read_request_timeout_in_ms=4000]").Well();
        Assert.Equal("64", job.Machine.Config.Value("compaction_throughput_mb_per_sec"));
        Assert.Contains("\ncompaction_throughput_mb_per_sec: 64\n", job.File(MachineFiles.ScyllaYaml), StringComparison.Ordinal);
        Assert.Contains("# seed_provider needs a restart", job.File(MachineFiles.ScyllaYaml), StringComparison.Ordinal);
        Assert.Contains("+ compaction_throughput_mb_per_sec: 64", job.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Sighup_is_not_even_tried_on_an_option_that_the_API_has_set()
    {
        using var job = new OsJob("- task: !set-config-live\n    settings: [compaction_throughput_mb_per_sec=64]");
        job.Machine.Config.SetByApi("compaction_throughput_mb_per_sec", "16");
        Assert.Contains("SIGHUP would skip compaction_throughput_mb_per_sec (set by api)", job.Halt(), StringComparison.Ordinal);
        Assert.Empty(job.Effects);
    }

    [Fact]
    public void A_file_shows_what_changes_and_keeps_what_was_and_no_secret_is_told()
    {
        using var job = new OsJob("""
            - task: !put-file
                path: /etc/scylla.d/cpuset.conf
                content: |
                  SCYLLA_ARGS="--smp 2"
                  KEY_PASSWORD=hunter2
            """).Well();
        Assert.Equal(new SimFile("SCYLLA_ARGS=\"--smp 2\"\nKEY_PASSWORD=hunter2\n", "644"), job.Machine.Files.Find("/etc/scylla.d/cpuset.conf"));
        Assert.Contains("--cpuset 0-3", job.File($"/etc/scylla.d/cpuset.conf.before-{job.Id}-1.1"), StringComparison.Ordinal);
        Assert.Contains("- CPUSET=\"--cpuset 0-3", job.Said, StringComparison.Ordinal);
        Assert.Contains("+ KEY_PASSWORD=***", job.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", job.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_that_is_not_for_everybody_only_sums_are_shown()
    {
        using var job = new OsJob("""
            - task: !put-file
                path: /etc/scylla.d/cpuset.conf
                content: -----BEGIN PRIVATE KEY-----
                mode: "0600"
            """).Well();
        Assert.Contains("(not shown: private) SHA-256", job.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN PRIVATE", job.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("--cpuset 0-3", job.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void R17_data_is_wiped_only_off_the_ring_and_of_a_unit_that_can_not_start()
    {
        using var job = new OsJob("- task: !wipe-data\n    host_name: b1");
        OffTheRing(job);
        Assert.Contains("scylla-server is active and enabled: it must be stopped and disabled first", job.Halt(), StringComparison.Ordinal);

        using var stopped = new OsJob("- task: !wipe-data\n    host_name: b1\n- task: !wipe-data\n    host_name: b1");
        OffTheRing(stopped);
        stopped.Bed.World.Agenda.Run(() =>
        {
            _ = stopped.Bed.Sim("b1").Unit.StopAsync(Cause.Nobody);
            stopped.Machine.Units.Enable(ScyllaUnit.Name, on: false, Cause.Nobody);
        });
        stopped.Bed.Pass(TimeSpan.FromSeconds(30));
        stopped.Well();
        Assert.Equal(["stop", "disable", "empty /var/lib/scylla/data", "empty /var/lib/scylla/commitlog"], stopped.Effects);
        Assert.NotNull(stopped.File(MachineFiles.ScyllaYaml));
    }

    [Fact]
    public void R17_directories_that_are_not_scyllas_own_are_left_alone()
    {
        using var job = new OsJob("- task: !wipe-data\n    host_name: b1");
        OffTheRing(job);
        job.Bed.World.Agenda.Run(() =>
        {
            job.Machine.Units.Enable(ScyllaUnit.Name, on: false, Cause.Nobody);
            _ = job.Bed.Sim("b1").Unit.StopAsync(Cause.Nobody);
            job.Machine.Files.Write(MachineFiles.ScyllaYaml, new SimFile("data_file_directories: [/srv/shared]\n", "644"), Cause.Nobody);
        });
        job.Bed.Pass(TimeSpan.FromSeconds(30));
        Assert.Contains("its scylla.yaml puts data into /srv/shared", job.Halt(), StringComparison.Ordinal);
    }

    /// <summary>Once the job runs, no other node knows b1.</summary>
    private static void OffTheRing(OsJob job) => job.Bed.Ports.Rewrite = (call, body) =>
        call.What.EndsWith("storage_service/host_id", StringComparison.Ordinal) && job.Bed.Events.OfType<Core.Jobs.StepStarted>().Any()
            ? $"[{string.Join(',', body.Trim('[', ']').Split("},{").Select(p => $"{{{p.Trim('{', '}')}}}").Where(p => !p.Contains("\"10.0.0.1\"", StringComparison.Ordinal)))}]"
            : body;

    [Fact]
    public void R17_production_and_a_cluster_that_does_not_enable_it_are_never_wiped()
    {
        foreach (var (change, why) in new (Func<Cluster, Cluster>, string)[]
        {
            (c => c with { Environment = ClusterEnvironment.Production }, "is production: its data is never wiped"),
            (c => c with { Enables = c.Enables.Clear() }, "does not enable wipe-data"),
        })
        {
            using var job = new OsJob("- task: !wipe-data\n    host_name: b1");
            var plan = job.Bed.Plan(BedPeople.Own("b1"));
            var id = BedPeople.Yes(job.Bed.Do(c => c.StartAsync(BedPeople.Mara, plan, CancellationToken.None)));
            job.Bed.Kill();
            job.Bed.StartHost(change);

            // Neither planned nor, where the inventory has changed since, done.
            Assert.Contains(why, Assert.Throws<InvalidOperationException>(() => job.Bed.Plan(BedPeople.Own("b1"))).Message, StringComparison.Ordinal);
            BedPeople.Yes(job.Bed.Approve(id));
            job.Bed.UntilState(id, JobState.Halted);
            Assert.Contains(why, job.Bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Commands_are_run_only_where_the_inventory_enables_them()
    {
        using var job = new OsJob("- task: !run-command\n    command: [logger, x]\n    restarts_scylla: false");
        job.Bed.Kill();
        job.Bed.StartHost(c => c with { Enables = c.Enables.Clear() });
        Assert.Contains("mini does not enable run-command", job.Halt(), StringComparison.Ordinal);
    }
}
