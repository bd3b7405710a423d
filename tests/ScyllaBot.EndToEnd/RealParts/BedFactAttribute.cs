using System.Diagnostics;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>A test on real hosts (tests/bed); skipped with the reason where they cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BedFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(Probe);

    public BedFactAttribute()
    {
        if (WhyNot.Value is { } why)
        {
            Skip = why;
        }
    }

    /// <summary>The bed's scripts know best; exit code 77 is their no.</summary>
    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/bin/bash"))
        {
            return "no bed here: Linux hosts need Linux";
        }

        using var probe = Process.Start(new ProcessStartInfo("/bin/bash", [BedScripts.Path("up.sh"), "probe"]) { RedirectStandardError = true, UseShellExecute = false })!;
        var why = probe.StandardError.ReadToEnd().Trim();
        probe.WaitForExit();
        return probe.ExitCode == 0 ? null : why.Length > 0 ? why : $"no bed here: up.sh probe ended with {probe.ExitCode}";
    }
}
