namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Debian's package programs, over <see cref="PackageStore"/>.</summary>
internal static class PackagePrograms
{
    private static readonly TimeSpan _installing = TimeSpan.FromSeconds(12);

    public static Task<CommandResult> AptGet(ShellCall call)
    {
        // -o takes a word of its own.
        var words = call.Words.Where((word, i) => !word.StartsWith('-') && (i == 0 || call.Words[i - 1] is not "-o")).ToArray();
        return words switch
        {
            ["update"] => ShellCall.Done(0, "Reading package lists..."),
            ["install", .. var wanted] when !call.Has("-y") && wanted.Length > 0 => ShellCall.Done(1, "Abort."),
            ["install", .. var wanted] => call.Machine.Work(_installing, () => call.Machine.Packages.Install(
                wanted, call.Has("--allow-downgrades"), call.Has("--allow-change-held-packages"), call.Cause)),
            _ => ShellCall.Done(100, $"E: Invalid operation {words.FirstOrDefault()}"),
        };
    }

    public static Task<CommandResult> AptMark(ShellCall call)
    {
        switch (call.Plain)
        {
            case ["showhold", .. var asked]:
                return ShellCall.Done(0, string.Join('\n', call.Machine.Packages.Held.Where(name => asked.IsEmpty || asked.Contains(name, StringComparer.Ordinal))));
            case ["hold" or "unhold", .. var packages]:
                if (packages.FirstOrDefault(name => call.Machine.Packages.Installed(name) is null) is { } missing)
                {
                    return ShellCall.Done(100, $"E: Unable to locate package {missing}");
                }

                foreach (var package in packages)
                {
                    call.Machine.Packages.Hold(package, call.Plain[0] is "hold", call.Cause);
                }

                return ShellCall.Done(0, string.Join('\n', packages.Select(name => $"{name} {(call.Plain[0] is "hold" ? "set on hold" : "was already not on hold")}.")));
            default:
                return ShellCall.Done(100, "E: Invalid operation");
        }
    }

    /// <summary>`dpkg-query -W -f=… PACKAGE…`; the format is always status and version.</summary>
    public static Task<CommandResult> DpkgQuery(ShellCall call)
    {
        var missing = call.Plain.Where(name => call.Machine.Packages.Installed(name) is null).ToArray();
        var found = call.Plain.Except(missing, StringComparer.Ordinal).Select(name => $"{name} installed {call.Machine.Packages.Installed(name)}");
        return ShellCall.Done(
            missing.Length == 0 ? 0 : 1,
            string.Join('\n', [.. found, .. missing.Select(name => $"dpkg-query: no packages found matching {name}")]));
    }
}
