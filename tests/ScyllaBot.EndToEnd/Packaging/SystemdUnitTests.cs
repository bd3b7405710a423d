using System.Text.RegularExpressions;
using ScyllaBot.EndToEnd.RealParts;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.Packaging;

/// <summary>The published program and the shipped unit on a real host: started by systemd, stopped in the middle of a job, started again, the job is finished.</summary>
[Collection("real parts")]
public sealed partial class SystemdUnitTests(HostBed bed, BuiltImage built)
{
    private const string Unit = "scyllabot.service";
    private static readonly TimeSpan JobPatience = TimeSpan.FromMinutes(4);
    private BedHost Host => bed["b", 3];

    [ContainerFact]
    public async Task The_unit_is_sound_and_a_job_survives_its_stop_and_start()
    {
        await InstallAsync();
        try
        {
            Assert.Equal("", await Host.ShAsync("sh", "-c", $"systemd-analyze verify /etc/systemd/system/{Unit} 2>&1 | grep -v /lib/systemd/system/ || true"));
            await Host.ShAsync("systemctl", "start", Unit);
            Assert.Equal("active notify scyllabot", await ShowAsync("ActiveState", "Type", "User"));

            var started = await Host.ShAsync("scyllactl", "job", "run", "rolling_restart", "--cluster=messages-stg", "--yes", "--detach", "--output", "json");
            var job = JobId().Match(started).Value;
            Assert.True(job.Length > 0, started);
            await Eventually.TrueAsync(async () => (await EventsAsync(job)).Contains("step_succeeded", StringComparison.Ordinal), "a step to be done", JobPatience, TimeSpan.FromSeconds(1));

            await Host.ShAsync("systemctl", "stop", Unit);
            Assert.Equal("inactive success", await ShowAsync("ActiveState", "Result"));
            await Host.ShAsync("systemctl", "start", Unit);

            var watched = await Host.ShAsync("sh", "-c", $"timeout 200 scyllactl job watch {job} 2>&1; echo exit $?");
            Assert.EndsWith("exit 0", watched);
            Assert.Contains("\"quorum_ever_lost\":false", (await Host.ShAsync("curl", "-sf", "http://127.0.0.1:7300/oracle/verdict?cluster=messages-stg")).Replace(" ", "", StringComparison.Ordinal));
            Assert.Equal("scyllabot 750", await Host.ShAsync("stat", "-c", "%U %a", "/var/lib/scyllabot"));
        }
        finally
        {
            await Host.ShAsync("sh", "-c", $"systemctl stop {Unit} sandbox.service; rm -rf /opt/scyllabot /etc/scyllabot /etc/systemd/system/{Unit}*; systemctl daemon-reload; true");
        }
    }

    /// <summary>As docs/packaging.md says, with the sandbox in Discord's and the clusters' place.</summary>
    private async Task InstallAsync()
    {
        var root = RepositoryFiles.Root;
        // What deploy/publish.sh made for the image is what it makes for a host.
        var published = $"{(await built.BuildahAsync("mount", await built.ContainerAsync())).Output.Trim()}/opt/scyllabot";
        var leader = (await bed.RunAsync("node.sh", TimeSpan.FromMinutes(1), "status", Host.Name)).Split(' ')[^1].Trim();
        await Host.ShAsync("sh", "-c", "install -d /opt/scyllabot /etc/scyllabot; id scyllabot >/dev/null 2>&1 || useradd --system --home-dir /var/lib/scyllabot --shell /usr/sbin/nologin scyllabot");
        await using (var copy = BuiltProgram.Start(
            ["sh", "-ec", "cp -r \"$0\"/. \"$2/opt/scyllabot\"; cp \"$1\" \"$2/etc/systemd/system/\"", published, Path.Combine(root, "deploy/systemd", Unit), $"/proc/{leader}/root"], built.Folder, []))
        {
            Assert.True(await copy.ExitAsync(TimeSpan.FromMinutes(1)) == 0, copy.Errors);
        }

        await Host.ShAsync("sh", "-ec", $"""
            ln -sf /opt/scyllabot/scyllactl /usr/local/bin/scyllactl
            echo none > /etc/scyllabot/discord.token
            chmod 640 /etc/scyllabot/discord.token
            chgrp scyllabot /etc/scyllabot/discord.token
            install -d /etc/systemd/system/{Unit}.d
            printf '%s\n' '[Service]' 'ExecStart=' 'ExecStart=/opt/scyllabot/ScyllaBot --sandbox-url http://127.0.0.1:7300' 'Environment=ScyllaBot__Approvals__Sandbox=0' > /etc/systemd/system/{Unit}.d/sandbox.conf
            systemctl daemon-reload
            systemd-run --quiet --unit=sandbox /opt/scyllabot/ScyllaBot sandbox all --listen 127.0.0.1:7300 --speed 30
            for i in $(seq 100); do curl -sf -o /dev/null http://127.0.0.1:7300/ && break; sleep 0.2; done
            """);
    }

    private Task<string> EventsAsync(string job) => Host.ShAsync("sh", "-c", $"scyllactl job events {job} --output json || true");

    private async Task<string> ShowAsync(params string[] properties) => string.Join(' ', (await Host.ShAsync(
        ["systemctl", "show", Unit, .. properties.SelectMany(p => new[] { "--property", p })])).Split('\n').OrderBy(l => Array.IndexOf(properties, l.Split('=')[0])).Select(l => l.Split('=')[1]));

    [GeneratedRegex("[0-9A-Z]{14}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JobId();
}
