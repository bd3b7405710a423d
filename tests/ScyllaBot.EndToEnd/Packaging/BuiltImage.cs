using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.Packaging;

/// <summary>The Dockerfile's image, built once for its own test and for the one that wants the published program.</summary>
public sealed class BuiltImage : IDisposable
{
    public const string Tag = "localhost/scyllabot:test";
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly Scratch _files = new();
    private bool _isBuilt;

    internal string Folder => _files.Folder;

    internal string[] Buildah => ["buildah", "--storage-driver", "vfs", "--root", _files["store/root"], "--runroot", _files["store/run"]];

    public void Dispose() => _files.Dispose();

    /// <summary>A new container of it; built with the first one.</summary>
    /// <returns>Its name.</returns>
    internal async Task<string> ContainerAsync()
    {
        if (!_isBuilt)
        {
            await using var build = BuiltProgram.Start(["bash", RepositoryFiles.PathOf("tests/container/build.sh"), _files["store"], Tag], _files.Folder, Clean);
            Assert.True(await build.ExitAsync(BuildPatience) == 0, $"{build.Output}\n{build.Errors}");
            _isBuilt = true;
        }

        return (await BuildahAsync("from", "--pull=never", Tag)).Output.Trim();
    }

    internal async Task<(int Exit, string Output)> BuildahAsync(params string[] arguments)
    {
        await using var run = BuiltProgram.Start([.. Buildah, .. arguments], _files.Folder, []);
        var exit = await run.ExitAsync(Soon);
        return (exit, run.Output);
    }

    /// <summary>What the build that runs us has set is not for the one inside.</summary>
    private static IEnumerable<(string, string)> Clean => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).Select(k => (k, ""));
}
