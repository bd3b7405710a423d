using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>Where the bed's scripts are: beside the sources, for they build the simulated node from them.</summary>
internal static class BedScripts
{
    public static string Path(string script) => RepositoryFiles.PathOf($"tests/bed/{script}");
}
