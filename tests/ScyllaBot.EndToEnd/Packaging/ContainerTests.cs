using System.Text.Json;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Packaging;

/// <summary>The Dockerfile as it is, built and run by buildah, which needs no daemon. Not beside the real hosts: both want the whole machine.</summary>
[Collection("real parts")]
public sealed class ContainerTests(BuiltImage built)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [ContainerFact]
    public async Task The_image_runs_as_a_user_without_rights_its_health_check_is_green_and_it_stops_when_told()
    {
        var container = await built.ContainerAsync();
        var image = JsonDocument.Parse((await BuildahAsync("inspect", "--type", "image", BuiltImage.Tag)).Output).RootElement.GetProperty("Docker").GetProperty("config");
        var check = image.GetProperty("Healthcheck").GetProperty("Test").EnumerateArray().Select(w => w.GetString()!).ToArray();
        Assert.Equal("1654:1654", image.GetProperty("User").GetString());
        Assert.Equal("CMD", check[0]);
        Assert.Equal("1654", (await RunAsync(container, "id", "-u")).Output.Trim());
        Assert.Equal(1, (await RunAsync(container, check[1..])).Exit);

        string[] entry = [.. image.GetProperty("Entrypoint").EnumerateArray().Select(w => w.GetString()!)];
        await using var bot = BuiltProgram.Start([.. built.Buildah, "run", "--isolation", "chroot", container, "--", .. entry], built.Folder, []);
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

    private Task<(int Exit, string Output)> RunAsync(string container, params string[] command) => BuildahAsync(["run", "--isolation", "chroot", container, "--", .. command]);

    private Task<(int Exit, string Output)> BuildahAsync(params string[] arguments) => built.BuildahAsync(arguments);
}
