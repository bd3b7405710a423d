namespace ScyllaBot;

/// <summary>Folders of logs and state: what is in them names hosts, people and reasons, so they are for the bot's user and group, whatever its umask.</summary>
internal static class BotFolder
{
    public const UnixFileMode LogFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>
    /// Makes it and those above it that are missing. One that is there stays as somebody made it. Where it can not be made, whoever writes into it says so
    /// in words of its own.
    /// </summary>
    /// <param name="folder">Full or relative.</param>
    /// <param name="socket">Mode of a socket in it: where everybody may connect, they must come through, though not look around.</param>
    public static void Make(string folder, UnixFileMode socket = UnixFileMode.None)
    {
        try
        {
            MakeMissing(Path.GetFullPath(folder), socket.HasFlag(UnixFileMode.OtherWrite) ? Mode | UnixFileMode.OtherExecute : Mode);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Of a file of the log. One of somebody else's stays as it is.</summary>
    public static void Tighten(string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, LogFile);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void MakeMissing(string folder, UnixFileMode mode)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { } above)
        {
            MakeMissing(above, mode);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // Made under the umask first, so never wider than this for a moment.
        Directory.CreateDirectory(folder, mode);
        File.SetUnixFileMode(folder, mode);
    }
}
