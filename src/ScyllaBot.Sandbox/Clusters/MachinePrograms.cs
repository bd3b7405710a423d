using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Clock, disks and log of a simulated machine.</summary>
internal static class MachinePrograms
{
    private const double DiskKiB = 1_000_000_000;
    private static readonly TimeSpan _upgrading = TimeSpan.FromMinutes(30);

    /// <summary>`chronyc -c tracking`: comma-separated; the fifth is how far the clock is off, in seconds.</summary>
    public static Task<CommandResult> Chronyc(ShellCall call) => !call.Machine.HasChrony
        ? ShellCall.Done(127, "chronyc: command not found")
        : call.Words is ["-c", "tracking"]
            ? ShellCall.Done(0, string.Create(CultureInfo.InvariantCulture,
                $"A9FEA97B,169.254.169.123,4,{Clock(call).ToUnixTimeMilliseconds() / 1000.0:0.000000000},{call.Machine.ClockOffset:0.000000000},0.000001021,0.000003120,-9.203,0.000,0.011,0.000300130,0.000120300,16.2,Normal"))
            : ShellCall.Done(1, "506 Cannot talk to daemon");

    public static Task<CommandResult> Timedatectl(ShellCall call) => call.Words switch
    {
        ["show", "--property=NTPSynchronized", "--value"] => ShellCall.Done(0, call.Machine.HasChrony ? "yes" : "no"),
        _ => ShellCall.Done(1, "Failed to query server: The name org.freedesktop.timesync1 was not provided by any .service files"),
    };

    /// <summary>`date +%s` and `date +%s.%N`.</summary>
    public static Task<CommandResult> Date(ShellCall call) => call.Words switch
    {
        ["+%s"] => ShellCall.Done(0, Clock(call).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ["+%s.%N"] => ShellCall.Done(0, string.Create(CultureInfo.InvariantCulture, $"{Clock(call).ToUnixTimeMilliseconds() / 1000.0:0.000000000}")),
        _ => ShellCall.Done(1, "date: the sandbox knows +%s and +%s.%N"),
    };

    /// <summary>`df -P -k PATH`.</summary>
    public static Task<CommandResult> Df(ShellCall call)
    {
        var used = Math.Round(DiskKiB * call.Machine.Files.DiskUsed);
        return ShellCall.Done(0, string.Create(CultureInfo.InvariantCulture,
            $"Filesystem     1024-blocks      Used Available Capacity Mounted on\n/dev/md0 {DiskKiB:0} {used:0} {DiskKiB - used:0} {call.Machine.Files.DiskUsed * 100:0}% /var/lib/scylla"));
    }

    /// <summary>`findmnt --noheadings --output FSTYPE,OPTIONS --mountpoint PATH`.</summary>
    public static Task<CommandResult> Findmnt(ShellCall call) => call.Words.LastOrDefault() is { } path && call.Machine.Files.Mounts.TryGetValue(path, out var options)
        ? ShellCall.Done(0, options)
        : ShellCall.Done(1, "");

    /// <summary>`logger TEXT`: a line in the journal for each call, so that a test can count runs.</summary>
    public static Task<CommandResult> Logger(ShellCall call)
    {
        call.Machine.Journal.Add("logger", string.Join(' ', call.Words));
        call.Node.Cluster.Record(call.Node, "logger", call.Cause);
        return ShellCall.Done(0, "");
    }

    /// <summary>`do-release-upgrade`: half an hour later the machine is the next Debian, and its packages' scripts have switched scylla-server off at boot (facts 7.46).</summary>
    public static Task<CommandResult> ReleaseUpgrade(ShellCall call) => call.Machine.Work(_upgrading, () =>
    {
        call.Machine.Files.Write(MachineFiles.OsRelease, new SimFile(MachineFiles.ReleaseText("13"), "644"), call.Cause);
        call.Machine.Units.Enable(ScyllaUnit.Name, on: false, call.Cause);
        return new CommandResult(0, "System upgrade is complete.");
    });

    private static DateTimeOffset Clock(ShellCall call) => call.Node.Cluster.Agenda.Now + TimeSpan.FromSeconds(call.Machine.ClockOffset);
}
