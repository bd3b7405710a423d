using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The commands a simulated machine knows: one line each. They work whether scylla runs or not.</summary>
internal sealed class NodeShell(SimNode node)
{
    private static readonly SortedDictionary<string, Program> _programs = new(StringComparer.Ordinal)
    {
        [SimProvisioner.Path] = SimProvisioner.RunAsync,
        ["ansible-playbook"] = call => SaltShell.RunAsync(call.Node, ["ansible-playbook", .. call.Words], call.Cause),
        ["apt-get"] = PackagePrograms.AptGet,
        ["apt-mark"] = PackagePrograms.AptMark,
        ["cat"] = FilePrograms.Cat,
        ["chronyc"] = MachinePrograms.Chronyc,
        ["cqlsh"] = CqlAsync,
        ["date"] = MachinePrograms.Date,
        ["df"] = MachinePrograms.Df,
        ["do-release-upgrade"] = MachinePrograms.ReleaseUpgrade,
        ["dpkg-query"] = PackagePrograms.DpkgQuery,
        ["echo"] = call => ShellCall.Done(0, string.Join(' ', call.Words)),
        ["findmnt"] = MachinePrograms.Findmnt,
        ["hostname"] = call => ShellCall.Done(0, call.Node.Id.Name),
        ["journalctl"] = call => Task.FromResult(call.Machine.Journal.Show(call.Words)),
        ["logger"] = MachinePrograms.Logger,
        ["ls"] = FilePrograms.Ls,
        ["put-file"] = FilePrograms.Put,
        ["salt-call"] = call => SaltShell.RunAsync(call.Node, ["salt-call", .. call.Words], call.Cause),
        ["sha256sum"] = FilePrograms.Sha256Sum,
        ["stat"] = FilePrograms.Stat,
        ["systemctl"] = Systemctl.RunAsync,
        ["systemd-run"] = SystemdRunAsync,
        ["test"] = FilePrograms.Test,
        ["timedatectl"] = MachinePrograms.Timedatectl,
        ["true"] = _ => ShellCall.Done(0, ""),
        ["wipe"] = FilePrograms.Wipe,
    };

    /// <summary>Starts the command. Call inside the agenda.</summary>
    public Task<CommandResult> RunAsync(ImmutableArray<string> argv, string? stdin, Cause cause) =>
        Run(new ShellCall(node, WithoutSudo(argv), stdin, cause));

    private static Task<CommandResult> Run(ShellCall call) => call.Words switch
    {
        [var program, .. var words] when _programs.TryGetValue(program, out var run) => run(call with { Words = words }),
        [var other, ..] => ShellCall.Done(127, $"{other}: command not found"),
        _ => ShellCall.Done(127, "empty command"),
    };

    private static ImmutableArray<string> WithoutSudo(ImmutableArray<string> argv) =>
        argv is not ["sudo", .. var rest] ? argv : [.. rest.SkipWhile(word => word.StartsWith('-'))];

    /// <summary>`systemd-run --on-active=SECONDS --unit=NAME COMMAND…`: a transient timer.</summary>
    private static Task<CommandResult> SystemdRunAsync(ShellCall call)
    {
        const string OnActive = "--on-active=";
        const string Unit = "--unit=";
        var options = call.Words.TakeWhile(word => word.StartsWith('-')).ToArray();
        var command = call.Words[options.Length..];
        var name = Array.Find(options, word => word.StartsWith(Unit, StringComparison.Ordinal))?[Unit.Length..];
        if (!double.TryParse(
                Array.Find(options, word => word.StartsWith(OnActive, StringComparison.Ordinal))?[OnActive.Length..],
                System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            || name is null || command.IsEmpty)
        {
            return ShellCall.Done(1, "systemd-run: the sandbox knows --on-active=SECONDS --unit=NAME COMMAND");
        }

        var armed = call.Machine.Timers.Arm(
            name + ".timer", TimeSpan.FromSeconds(seconds), () => _ = Run(call with { Words = command }), call.Cause);
        return armed
            ? ShellCall.Done(0, $"Running timer as unit: {name}.timer\nWill run service as unit: {name}.service")
            : ShellCall.Done(1, $"Failed to start transient timer unit: Unit {name}.timer was already loaded or has a fragment file.");
    }

    private static Task<CommandResult> CqlAsync(ShellCall call)
    {
        var words = call.Words;
        var at = words.IndexOf("-e") is var e and >= 0 ? e : words.IndexOf("--execute");
        var isGiven = words.IndexOf("--credentials") is var c and >= 0 && c + 1 < words.Length && words[c + 1] is "/dev/stdin";
        var statement = at >= 0 && at + 1 < words.Length ? words[at + 1] : isGiven ? null : call.Stdin;
        return Task.FromResult(Cqlsh.Run(call.Node, statement, isGiven ? call.Stdin ?? "" : null));
    }
}
