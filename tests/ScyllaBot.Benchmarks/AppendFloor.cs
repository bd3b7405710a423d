using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ScyllaBot.Benchmarks;

/// <summary>The least a durable write can cost here: 4 KiB at the end of a file, then a flush to the disk.</summary>
internal sealed class AppendFloor(string path) : IDisposable
{
    private readonly SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    private readonly byte[] block = new byte[4096];
    private long end;

    /// <summary>Which call does the flushing: .NET itself only offers fsync.</summary>
    public static string Call => OperatingSystem.IsLinux() ? "fdatasync" : "RandomAccess.FlushToDisk";

    public void Append()
    {
        RandomAccess.Write(file, block, end);
        end += block.Length;
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (fdatasync(file) != 0)
        {
            throw new Win32Exception();
        }
    }

    public void Dispose() => file.Dispose();

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fdatasync(SafeFileHandle file);
}
