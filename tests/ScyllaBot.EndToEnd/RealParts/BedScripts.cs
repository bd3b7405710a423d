using System.Runtime.CompilerServices;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>Where the bed's scripts are: beside the sources, for they build the simulated node from them.</summary>
internal static class BedScripts
{
    private static readonly string Folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "..", "..", "bed"));

    public static string Path(string script) => System.IO.Path.Combine(Folder, script);

    private static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
