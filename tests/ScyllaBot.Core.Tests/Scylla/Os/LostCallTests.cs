using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Scylla.Os;

/// <summary>Each task: whatever command call is lost, before or after its effect, or with the host itself, the same is done, once.</summary>
public sealed class LostCallTests
{
    private const string New = "2026.2.6-0.20260901.fedcba987654-1";

    /// <summary>The task, and what it changes on the node.</summary>
    public static TheoryData<string, string> Cases => new()
    {
        { "!systemd-stop-scylla-server {}", "timer-armed stop start timer-stopped" },
        { "!systemd-stop-scylla-server {restart_after_seconds: 0}", "stop start" },
        { "!systemd-restart-service {service: scylla-server}", "stop start" },
        { "!systemd-restart-service {service: scylla-manager-agent, restarts_scylla: false}", "unit-restart" },
        { "!systemd-disable-service {service: scylla-server}", "disable" },
        { "!reboot {}", "reboot stop start" },
        { $"!install-packages {{versions: [scylla-manager-agent=3.5.1-0.20250801.77aa0b1c2d-1], restarts_scylla: false}}", "install scylla-manager-agent" },
        { $"!install-packages {{versions: [scylla-server={New}]}}", "install scylla-server" },
        { "!hold-packages {packages: [scylla, scylla-server]}", "hold scylla,hold scylla-server" },
        { "!put-file {path: /etc/scylla.d/x.conf, content: hello}", "write /etc/scylla.d/x.conf" },
        { "!apply-scylla-yaml {settings: [num_tokens=8, auto_snapshot=false]}", "write BACKUP write /etc/scylla/scylla.yaml" },
        { "!set-config-live {settings: [compaction_throughput_mb_per_sec=64]}", "write BACKUP write /etc/scylla/scylla.yaml,sighup" },
        { "!run-command {command: [logger, hello], restarts_scylla: false}", "logger" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void R11_R12_what_is_lost_on_its_way_is_done_once(string task, string effects)
    {
        var clean = Trial(task, lost: null, Loss.None, kill: false);
        Assert.Equal(Words(effects), Words(clean.Effects));
        Assert.InRange(clean.Calls, 1, 60);
        for (var call = 1; call <= clean.Calls; call++)
        {
            foreach (var (loss, kill) in new[] { (Loss.Before, false), (Loss.After, false), (Loss.Before, true), (Loss.None, true) })
            {
                var hit = Trial(task, call, loss, kill);
                Assert.True(clean.Effects == hit.Effects && clean.End == hit.End, $"call {call} {loss} kill={kill}: {hit.What}\n{hit.Effects}\n{hit.End}\nnot\n{clean.Effects}\n{clean.End}");
            }
        }
    }

    private static string Words(string effects) => effects.Replace(',', ' ');

    private static Result Trial(string task, int? lost, Loss loss, bool kill)
    {
        using var job = new OsJob($"""
            - task: {task}
              retries: 2
              retry_delay_seconds: 5
            - task: !systemd-start-service
                service: scylla-server
              retries: 2
            {OsJob.Wait}
            """);
        var (calls, what, isDead) = (0, "", false);
        job.Bed.Ports.Fate = call =>
        {
            // Reading the cluster for plan and proof is not the task's: only what it sends itself.
            if (isDead || call.Node != "b1" || call.What.StartsWith("GET ", StringComparison.Ordinal)
                || (call.What.StartsWith("cqlsh", StringComparison.Ordinal) && !call.What.Contains("system.config", StringComparison.Ordinal)) || ++calls != lost)
            {
                return Loss.None;
            }

            what = call.What;
            if (kill)
            {
                isDead = true;
                job.Bed.Kill();
            }

            return loss;
        };
        job.Start();
        job.Bed.Until(() => isDead || job.Bed.Job(job.Id).State is Core.Jobs.JobState.Ended or Core.Jobs.JobState.Halted);
        if (isDead)
        {
            job.Bed.Pass(TimeSpan.FromSeconds(7));
            Assert.Empty(job.Bed.StartHost());
        }

        job.Well();
        var ends = job.Machine.Files.Find("/etc/scylla/scylla.yaml")!.Content + job.Machine.Packages.Scylla + string.Join(',', job.Machine.Packages.Held)
            + job.Machine.Units.IsEnabled("scylla-server.service") + job.Bed.Sim("b1").Serves;
        return new Result(string.Join(' ', job.Effects.Select(e => e.Contains(".before-", StringComparison.Ordinal) ? "write BACKUP" : e)), ends, calls, what);
    }

    private sealed record Result(string Effects, string End, int Calls, string What);
}
