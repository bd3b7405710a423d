using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ScyllaBot.Tests.Control;

/// <summary>Connects as another user of this machine: Linux keeps the user of a connection as it was when it was made, by the thread that made it.</summary>
internal static class OtherUser
{
    /// <summary>One that has no name here.</summary>
    public const uint Nameless = 54321;

    private const uint Keep = uint.MaxValue;

    public static async Task<Socket> ConnectAsync(string path, uint uid)
    {
        var connected = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                // The bare system calls change this thread alone, which ends here.
                var (users, groups, list) = Numbers;
                Assert.Equal(0, Call(list, 0, 0, 0));
                Assert.Equal(0, Call(groups, uid, uid, uid));
                Assert.Equal(0, Call(users, Keep, uid, Keep));
                connected.SetResult(ControlRig.Connect(path));
            }
            catch (Exception failed)
            {
                connected.SetException(failed);
            }
        });
        thread.Start();
        return await connected.Task;
    }

    /// <summary>setresuid, setresgid, setgroups.</summary>
    private static (nint Users, nint Groups, nint List) Numbers => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (117, 119, 116),
        Architecture.Arm64 => (147, 149, 159),
        var other => throw new NotSupportedException($"these calls have no numbers here for {other}"),
    };

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Call(nint number, nuint first, nuint second, nuint third);
}

/// <summary>Only root becomes somebody else; skipped with the reason otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || ControlRig.Self != "root")
        {
            Skip = "only root on Linux can connect as another user";
        }
    }
}
