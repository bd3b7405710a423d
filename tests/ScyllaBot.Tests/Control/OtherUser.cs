using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ScyllaBot.Tests.Control;

/// <summary>Connects as another user of this machine: Linux keeps the user of a connection as it was when it was made, by the thread that made it.</summary>
internal static class OtherUser
{
    /// <summary>One that has no name here.</summary>
    public const uint Nameless = 54321;

    private const uint Keep = uint.MaxValue;

    public static Task<Socket> ConnectAsync(string path, uint uid)
    {
        Socket? connected = null;
        return Act(uid, () => connected = ControlRig.Connect(path)) is { } broken ? Task.FromException<Socket>(broken) : Task.FromResult(connected!);
    }

    /// <summary>As somebody who may not do everything: ourselves, or nobody's user where we are root.</summary>
    /// <param name="act">Wakes nobody.</param>
    public static void Unprivileged(Action act)
    {
        if (ControlRig.Self != "root")
        {
            act();
        }
        else if (Act(Nameless, act) is { } broken)
        {
            ExceptionDispatchInfo.Throw(broken);
        }
    }

    private static Exception? Act(uint uid, Action act)
    {
        Exception? broken = null;
        var thread = new Thread(() =>
        {
            try
            {
                // The bare system calls change this thread alone, which ends here. It must wake nobody: a pool's thread that it begins would inherit its user.
                var (users, groups, list) = Numbers;
                Assert.Equal(0, Call(list, 0, 0, 0));
                Assert.Equal(0, Call(groups, uid, uid, uid));
                Assert.Equal(0, Call(users, Keep, uid, Keep));
                act();
            }
            catch (Exception failed)
            {
                broken = failed;
            }
        });
        thread.Start();
        thread.Join();
        return broken;
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
