using System.Runtime.CompilerServices;
using Xunit;

namespace ScyllaBot.Testing;

/// <summary>Compares text with a file beside the test: <c>Snapshots/NAME.txt</c>. <c>UPDATE_SNAPSHOTS=1</c> writes the files instead.</summary>
public static class Snapshot
{
    /// <param name="name">File name without ending.</param>
    /// <param name="actual">Line ends are normalised.</param>
    /// <param name="test">Filled in by the compiler.</param>
    public static void Match(string name, string actual, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Snapshots", name + ".txt");
        var text = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{file} is missing; run once with UPDATE_SNAPSHOTS=1 and read what it wrote");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
