using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ScyllaBot.Control;

/// <summary>The socket's place in the file system: nobody else may put one there, and none that is in use is taken away.</summary>
internal static class ControlSocketFile
{
    /// <summary>sun_path has 108 bytes, the last one is the end.</summary>
    private const int MostBytes = 107;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="StartRefusedException">The path is too long for a socket.</exception>
    public static string Checked(string path)
    {
        var full = Path.GetFullPath(path);
        var bytes = Encoding.UTF8.GetByteCount(full);
        return bytes <= MostBytes ? full : throw new StartRefusedException(
            $"The control socket {full} would have a path of {bytes} bytes; a Unix socket has room for {MostBytes}. "
            + "Set ScyllaBot:Control:Socket to a shorter one, such as /run/scyllabot/control.sock.");
    }

    /// <summary>Binds it under a mode that lets nobody in, then opens it as far as it may be.</summary>
    /// <param name="path">Checked.</param>
    /// <param name="mode">Such as 0660.</param>
    /// <exception cref="StartRefusedException">Somebody listens there, it is something else, or the folder is open to everybody.</exception>
    public static Socket Bind(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new StartRefusedException("A control socket needs the modes of Unix.");
        }

        BotFolder.Make(Path.GetDirectoryName(path)!, mode);
        Clear(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Linux gives a bound socket the mode its descriptor has: so there is no moment in which somebody else could connect.
            using (var descriptor = new SafeFileHandle(socket.Handle, ownsHandle: false))
            {
                File.SetUnixFileMode(descriptor, Private);
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, mode);
            return socket;
        }
        catch (Exception failed) when (failed is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new StartRefusedException($"The control socket {path} can not be opened: {failed.Message}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Clear(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (ModeOf(folder, path) is var mode && mode.HasFlag(UnixFileMode.OtherWrite) && !mode.HasFlag(UnixFileMode.StickyBit))
        {
            throw new StartRefusedException($"Everybody may write in {folder}: a control socket there could be anybody's. chmod o-w {folder}, or set ScyllaBot:Control:Socket.");
        }

        var there = new FileInfo(path);
        if (there.LinkTarget is not null || Directory.Exists(path) || there is { Exists: true, Length: > 0 })
        {
            throw new StartRefusedException($"{path} is no socket: move it away, or set ScyllaBot:Control:Socket.");
        }

        if (!there.Exists)
        {
            return;
        }

        if (IsListening(path))
        {
            throw new StartRefusedException($"Somebody listens on {path} already: another bot? Stop it, or set ScyllaBot:Control:Socket.");
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The stale control socket {path} can not be removed: {failed.Message}");
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode ModeOf(string folder, string path)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return File.GetUnixFileMode(folder);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The folder of the control socket {path} can not be made or looked at: {closed.Message} Make it for the bot's user, or set ScyllaBot:Control:Socket.");
        }
    }

    private static bool IsListening(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refused)
        {
            // Anything but "nobody is there" may be somebody.
            return refused.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
