using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ScyllaBot.Control;

/// <summary>Who is at the other end of a Unix socket, by the kernel's word as it was when they connected. Linux only.</summary>
internal static class PeerCredentials
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int NameBytes = 16 * 1024;

    /// <summary>Larger than <c>struct passwd</c> anywhere; its first member is the name.</summary>
    private const int PasswdBytes = 256;

    public static bool AreSupported => OperatingSystem.IsLinux();

    /// <returns>Name of the user, <c>#uid</c> where it has none; null when the kernel does not say.</returns>
    public static string? UserOf(Socket socket)
    {
        // struct ucred: pid, uid, gid.
        Span<byte> credentials = stackalloc byte[12];
        return AreSupported && socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length
            ? NameOf(BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..8])) : null;
    }

    /// <summary>The user this process runs as.</summary>
    public static string Self() => AreSupported ? NameOf(GetEffectiveUser()) : Environment.UserName;

    private static string NameOf(uint uid)
    {
        var (passwd, buffer) = (Marshal.AllocHGlobal(PasswdBytes), Marshal.AllocHGlobal(NameBytes));
        try
        {
            return GetUser(uid, passwd, buffer, NameBytes, out var found) == 0 && found != 0
                && Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(passwd)) is { Length: > 0 } name ? name : $"#{uid}";
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
            Marshal.FreeHGlobal(passwd);
        }
    }

    [DllImport("libc", EntryPoint = "getpwuid_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUser(uint uid, nint passwd, nint buffer, nuint length, out nint result);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUser();
}
