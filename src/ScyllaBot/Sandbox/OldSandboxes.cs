using System.Diagnostics;
using System.Globalization;

namespace ScyllaBot.Sandbox;

/// <summary>Each sandbox of ours has a database of its own; those of processes that are gone tell of clusters that are gone too.</summary>
internal static class OldSandboxes
{
    private const string Prefix = "sandbox-";

    public static void Remove(string state)
    {
        if (!Directory.Exists(state))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(state, Prefix + "*"))
        {
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..], CultureInfo.InvariantCulture, out var pid) && !IsAlive(pid))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
