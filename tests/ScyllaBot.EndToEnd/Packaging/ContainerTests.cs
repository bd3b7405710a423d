using System.Text.Json;
using ScyllaBot.EndToEnd.RealParts;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Packaging;

/// <summary>The Dockerfile as it is, built and run by buildah, which needs no daemon. Not beside the real hosts: both want the whole machine.</summary>
[Collection("real parts")]
public sealed class ContainerTests : IDisposable
{
    private const string Tag = "localhost/scyllabot:test";
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly Scratch _files = new();

    public void Dispose() => _files.Dispose();

    [ContainerFact]
    public async Task The_image_runs_as_a_user_without_rights_its_health_check_is_green_and_it_stops_when_told()
    {
        await using (var build = BuiltProgram.Start(["bash", BedScripts.Path("../container/build.sh"), _files["store"], Tag], _files.Folder, Clean))
        {
            Assert.True(await build.ExitAsync(BuildPatience) == 0, $"{build.Output}\n{build.Errors}");
        }

        var container = (await BuildahAsync("from", "--pull=never", Tag)).Output.Trim();
        var image = JsonDocument.Parse((await BuildahAsync("inspect", "--type", "image", Tag)).Output).RootElement.GetProperty("Docker").GetProperty("config");
        var check = image.GetProperty("Healthcheck").GetProperty("Test").EnumerateArray().Select(w => w.GetString()!).ToArray();
        Assert.Equal("1654:1654", image.GetProperty("User").GetString());
        Assert.Equal("CMD", check[0]);
        Assert.Equal("1654", (await RunAsync(container, "id", "-u")).Output.Trim());
        Assert.Equal(1, (await RunAsync(container, check[1..])).Exit);

        string[] entry = [.. image.GetProperty("Entrypoint").EnumerateArray().Select(w => w.GetString()!)];
        await using var bot = BuiltProgram.Start([.. Buildah, "run", "--isolation", "chroot", container, "--", .. entry], _files.Folder, Clean);
        await Eventually.TrueAsync(async () => (await RunAsync(container, check[1..])).Exit == 0, "a green health check", Soon, TimeSpan.FromSeconds(1));
        var clusters = await RunAsync(container, "scyllactl", "cluster", "list", "--output", "json");
        Assert.True(clusters.Exit == 0, clusters.Output);
        Assert.Contains("messages-stg", clusters.Output, StringComparison.Ordinal);
        Assert.Equal("", (await RunAsync(container, "sh", "-c", "find / -xdev -newer /opt/scyllabot/ScyllaBot -uid 1654 -not -path '/var/lib/scyllabot*' -not -path '/run/scyllabot*' -not -path '/tmp*' 2>/dev/null")).Output.Trim());

        // As an orchestrator does it; the sandbox and the questions of before have arguments.
        await RunAsync(container, "sh", "-c", $"for p in /proc/[0-9]*; do case \"$(tr '\\0' ' ' <$p/cmdline 2>/dev/null)\" in '{entry[0]} ') kill -TERM ${{p#/proc/}};; esac; done");
        Assert.Equal(0, await bot.ExitAsync(Soon));
        Assert.Equal(1, (await RunAsync(container, check[1..])).Exit);
    }

    private string[] Buildah => ["buildah", "--storage-driver", "vfs", "--root", _files["store/root"], "--runroot", _files["store/run"]];

    /// <summary>What the build that runs us has set is not for the one inside.</summary>
    private static IEnumerable<(string, string)> Clean => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).Select(k => (k, ""));

    private Task<(int Exit, string Output)> RunAsync(string container, params string[] command) => BuildahAsync(["run", "--isolation", "chroot", container, "--", .. command]);

    private async Task<(int Exit, string Output)> BuildahAsync(params string[] arguments)
    {
        await using var run = BuiltProgram.Start([.. Buildah, .. arguments], _files.Folder, []);
        var exit = await run.ExitAsync(Soon);
        return (exit, run.Output);
    }
}
