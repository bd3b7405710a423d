using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class MachineTests
{
    [Fact]
    public async Task A_reboot_changes_the_boot_id_keeps_receipts_and_starts_what_is_enabled()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        var boot = bed.Run(node, "cat /proc/sys/kernel/random/boot_id").Output;
        var stored = await bed.Exec(node, "cat /proc/sys/kernel/random/boot_id", "first", 1).Result!;
        var cut = bed.Exec(node, "apt-get -y install scylla-manager-agent=3.5.1-0.20250801.77aa0b1c2d-1", "cut", 1).Result!;
        Assert.Equal(0, bed.Run(node, "systemctl reboot").Exit);
        bed.Until(() => !node.Machine.IsUp);
        Assert.True(bed.Exec(node, "true").Unreachable);
        Assert.Same(CommandResult.Gone, await cut);

        bed.Until(() => node.Machine.IsUp, atMost: 90);
        Assert.NotEqual(boot, bed.Run(node, "cat /proc/sys/kernel/random/boot_id").Output);
        Assert.Equal(stored, await bed.Exec(node, "cat /proc/sys/kernel/random/boot_id", "first", 1).Result!);
        var lost = bed.Exec(node, "apt-get -y install scylla-manager-agent=3.5.1-0.20250801.77aa0b1c2d-1", "cut", 1);
        Assert.True(lost.Lost && lost.Result is null);
        bed.Until(() => bed.Mode(node) == "NORMAL", atMost: 90);
        Assert.Equal(["reboot", "stop", "start"], bed.Effects().Select(e => e.Kind));
    }

    [Fact]
    public void A_transient_timer_runs_once_unless_it_is_stopped()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl stop scylla-server");
        Assert.Equal(0, bed.Run(node, "systemd-run --on-active=60 --unit=x systemctl start scylla-server").Exit);
        Assert.Equal(1, bed.Run(node, "systemd-run --on-active=60 --unit=x systemctl start scylla-server").Exit);
        Assert.Equal("active", bed.Run(node, "systemctl is-active x.timer").Output);
        bed.Until(() => bed.Mode(node) == "NORMAL");
        Assert.Equal("inactive", bed.Run(node, "systemctl is-active x.timer").Output);
    }

    [Fact]
    public void A_sighup_takes_live_options_skips_the_others_and_tells_the_journal()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Write(bed, node, "compaction_throughput_mb_per_sec: 64\nnum_tokens: 9\nread_request_timeout_in_ms: soon\nno_such_option: 1\n");
        Assert.Equal("64", bed.Get(node, "/v2/config/compaction_throughput_mb_per_sec").Body);
        Assert.Equal("16", bed.Get(node, "/v2/config/num_tokens").Body);
        Assert.Equal("5000", bed.Get(node, "/v2/config/read_request_timeout_in_ms").Body);
        var (status, body) = bed.Get(node, "/v2/config/no_such_option");
        Assert.Equal((400, """{"message":"No such config entry: no_such_option","code":400}"""), (status, body));
        var said = bed.Run(node, "journalctl -u scylla-server -o cat --no-pager").Output;
        Assert.Contains("completed re-reading configuration file", said, StringComparison.Ordinal);
        Assert.Contains("'soon' : read_request_timeout_in_ms", said, StringComparison.Ordinal);

        Write(bed, node, "a: [1\n");
        Assert.Contains("failed to re-read configuration file: yaml-cpp", bed.Run(node, "journalctl -u scylla-server -o cat").Output, StringComparison.Ordinal);
        Assert.Equal("64", bed.Get(node, "/v2/config/compaction_throughput_mb_per_sec").Body);
    }

    [Fact]
    public void A_broken_file_stops_the_next_start()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Write(bed, node, "a: [1\n");
        Assert.Equal(1, bed.Run(node, "systemctl restart scylla-server").Exit);
        Assert.Equal("failed", bed.Run(node, "systemctl is-active scylla-server").Output);
    }

    [Fact]
    public async Task Log_levels_last_as_long_as_the_process()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.Equal(200, (await bed.CallAsync(node, "POST", "/system/logger/gossip?level=debug")).Status);
        Assert.Equal("\"debug\"", bed.Get(node, "/system/logger/gossip").Body);
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");
        Assert.Equal("\"info\"", bed.Get(node, "/system/logger/gossip").Body);
        Assert.Equal(400, bed.Get(node, "/system/logger/nope").Status);
    }

    private static void Write(TestBed bed, SimNode node, string yaml)
    {
        bed.World.Agenda.Run(() => node.Machine.Files.Write(MachineFiles.ScyllaYaml, new SimFile(yaml, "644"), Cause.Nobody));
        Assert.Equal(0, bed.Run(node, "systemctl kill -s HUP --kill-who=main scylla-server").Exit);
        bed.Time.Advance(1);
    }
}
