using System.Diagnostics;
using ScyllaBot.EndToEnd.RealParts;

namespace ScyllaBot.EndToEnd.Packaging;

/// <summary>A test that builds the Dockerfile; skipped with the reason where that can not be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute() => Skip = new BedFactAttribute().Skip ?? (HasBuildah() ? null : "no image is built here: apt-get install buildah");

    private static bool HasBuildah()
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo("buildah", ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            probe.StandardOutput.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
