using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Ports;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>
/// Both ends of the command channel held together: whatever any simulated run sends to a node as root must be on the list of the real
/// scyllabot-node, which is asked itself.
/// </summary>
internal static partial class NodeProgramList
{
    // Only !run-command runs these, and a node that permits it permits any argv.
    private static readonly string[] OnlyByRunCommand = ["do-release-upgrade", "logger", "nodetool"];

    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);
    private static readonly Lazy<string?> Program = new(Read);

    /// <returns>Null where it would run; otherwise why not.</returns>
    public static string? WhyNot(RemoteCommand command)
    {
        if (Program.Value is not { } program || (command.Receipt is null && !command.AsRoot) || OnlyByRunCommand.Contains(command.Argv[0], StringComparer.Ordinal))
        {
            return null;
        }

        // Job ids and sums differ from run to run, but not for the list.
        var verb = command.Receipt is null ? "read" : "run";
        var argv = command.Argv.Select(word => Differing().Replace(word, m => m.Value.Length == 64 ? new string('0', 64) : "01JOB")).ToArray();
        return Known.GetOrAdd($"{verb}\0{string.Join('\0', argv)}", _ => Ask(program, verb, argv));
    }

    private static string? Ask(string program, string verb, string[] argv)
    {
        using var asked = Process.Start(new ProcessStartInfo("/bin/bash", ["-p", "-c", program, "scyllabot-node", "may", verb, "--", .. argv])
        {
            RedirectStandardError = true, UseShellExecute = false,
        })!;
        var why = asked.StandardError.ReadToEnd().Trim();
        asked.WaitForExit();
        return asked.ExitCode == 0 ? null : $"scyllabot-node will not {verb} {string.Join(' ', argv)}: {why}";
    }

    private static string? Read()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/bin/bash"))
        {
            return null;
        }

        var conf = Directory.CreateTempSubdirectory("scyllabot-conf-").FullName;
        foreach (var (name, text) in new[] { ("allow-wipe", ""), ("ansible-folders", "/srv/ansible\n"), ("provisioners", "/usr/local/bin/provision-sandbox\n") })
        {
            File.WriteAllText(Path.Combine(conf, name), text);
            File.SetUnixFileMode(Path.Combine(conf, name), (UnixFileMode)0b110_100_100);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(conf, recursive: true);
        return RepositoryFiles.Read("src/ScyllaBot.Transports/NodeSide/scyllabot-node").Replace("/etc/scyllabot", conf, StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9a-f]{64}|[0-9A-HJKMNP-TV-Z]{26}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Differing();
}
