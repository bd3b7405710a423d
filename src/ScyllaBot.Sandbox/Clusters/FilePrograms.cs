using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Programs over <see cref="MachineFiles"/>; they print and exit as GNU's do.</summary>
internal static class FilePrograms
{
    public static Task<CommandResult> Cat(ShellCall call) => call.Words switch
    {
        ["/proc/sys/kernel/random/boot_id"] => ShellCall.Done(0, call.Machine.BootId.ToString()),
        ["/proc/uptime"] => ShellCall.Done(0, string.Create(CultureInfo.InvariantCulture,
            $"{(call.Node.Cluster.Agenda.Now - call.Machine.BootedAt).TotalSeconds:0.00} 0.00")),
        [var path] => Read(call, "cat", path),
        _ => ShellCall.Done(1, "cat: one file"),
    };

    public static Task<CommandResult> Sha256Sum(ShellCall call) => call.Words is [var path] && call.Machine.Files.Find(path) is { } file
        ? ShellCall.Done(0, $"{MachineFiles.Sha256(file.Content)}  {path}")
        : Missing("sha256sum", call.Words.LastOrDefault());

    /// <summary>`stat --format='%s %a %U %G'`.</summary>
    public static Task<CommandResult> Stat(ShellCall call) => call.Words is ["--format=%s %a %U %G", var path] && call.Machine.Files.Find(path) is { } file
        ? ShellCall.Done(0, $"{System.Text.Encoding.UTF8.GetByteCount(file.Content)} {file.Mode} {file.Owner.Replace(':', ' ')}")
        : Missing("stat", call.Words.LastOrDefault());

    public static Task<CommandResult> Test(ShellCall call) => ShellCall.Done(
        call.Words switch
        {
            ["-d", var path] => call.Machine.Files.IsDirectory(path),
            ["-x", SimProvisioner.Path] => call.Node == call.Node.Cluster.Runner,
            ["-e" or "-f" or "-x", var path] => call.Machine.Files.Find(path) is not null,
            _ => false,
        } ? 0 : 1,
        "");

    public static Task<CommandResult> Ls(ShellCall call) => call.Words is ["-A", var path] && call.Machine.Files.IsDirectory(path)
        ? ShellCall.Done(0, string.Join('\n', call.Machine.Files.Names(path)))
        : Missing("ls", call.Words.LastOrDefault());

    /// <summary>`wipe DIRECTORY…`: the node program's verb; what is below them goes, they stay.</summary>
    public static Task<CommandResult> Wipe(ShellCall call)
    {
        foreach (var directory in call.Words)
        {
            call.Machine.Files.Empty(directory, call.Cause);
        }

        return ShellCall.Done(0, "");
    }

    /// <summary>`put-file PATH MODE OWNER SHA256`: the node program's verb; standard input becomes the file, at once and durably, or not at all.</summary>
    public static Task<CommandResult> Put(ShellCall call)
    {
        if (call.Words is not [var path, var mode, var owner, var sum] || !path.StartsWith('/'))
        {
            return ShellCall.Done(2, "put-file: PATH MODE OWNER SHA256");
        }

        var content = call.Stdin ?? "";
        if (!string.Equals(MachineFiles.Sha256(content), sum, StringComparison.Ordinal))
        {
            return ShellCall.Done(3, $"put-file: the sum of what came is {MachineFiles.Sha256(content)}, not {sum}");
        }

        call.Machine.Files.Write(path, new SimFile(content, mode.TrimStart('0')) { Owner = owner }, call.Cause);
        return ShellCall.Done(0, "");
    }

    private static Task<CommandResult> Read(ShellCall call, string program, string path) => call.Machine.Files.Find(path) is { } file
        ? ShellCall.Done(0, file.Content)
        : Missing(program, path);

    private static Task<CommandResult> Missing(string program, string? path) => ShellCall.Done(program is "ls" ? 2 : 1, program switch
    {
        "stat" => $"stat: cannot statx '{path}': No such file or directory",
        "ls" => $"ls: cannot access '{path}': No such file or directory",
        _ => $"{program}: {path}: No such file or directory",
    });
}
