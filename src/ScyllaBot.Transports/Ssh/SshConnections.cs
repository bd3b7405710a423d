using System.Collections.Concurrent;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Transports.Ssh;

/// <summary>Every SSH connection of the process: one to a target. Control sockets lie in a folder of our own, mode 0700.</summary>
public sealed class SshConnections : IAsyncDisposable
{
    private const int LongestFolder = 60;
    private const int Looks = 20;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<SshTarget, Lazy<SshMaster>> _masters = new();
    private readonly SshSettings _settings;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private int _number;

    public SshConnections(SshSettings? settings = null, TimeProvider? time = null)
    {
        _settings = settings ?? new SshSettings();
        _time = time ?? TimeProvider.System;
        // The path of a Unix socket has 107 bytes at most, and ssh adds 17 for a moment.
        var temporary = Path.GetTempPath();
        _folder = temporary.Length <= LongestFolder
            ? Directory.CreateTempSubdirectory("scp-").FullName
            : Short();
    }

    private static string Short()
    {
        var folder = $"/tmp/scp-{Guid.NewGuid():N}"[..20];
        return OperatingSystem.IsWindows()
            ? throw new PlatformNotSupportedException("ssh has no ControlMaster on Windows")
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    internal TimeProvider Time => _time;

    internal SshMaster Of(NodeAccess access) =>
        _masters.GetOrAdd(SshTarget.Of(access), t => new Lazy<SshMaster>(() => new SshMaster(t, _settings, _folder, Interlocked.Increment(ref _number), _time))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var master in _masters.Values.Where(m => m.IsValueCreated))
        {
            await master.Value.DisposeAsync();
        }

        await DeleteAsync();
    }

    // A client that ends may still write into it: a second look finds it quiet. What stays is empty sockets and logs in a temporary folder.
    private async Task DeleteAsync()
    {
        for (var left = Looks; left > 0; left--)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
                return;
            }
            catch (IOException) when (Directory.Exists(_folder))
            {
                await Task.Delay(Between, _time);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
        }
    }
}
