using ScyllaBot.Core.Ports;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>scyllabot-node on a real host, with its systemd, sudo and sshd: installed for a login with one sudoers line, and sent along for one that may everything.</summary>
[Collection("real parts")]
public sealed class NodeProgramTests(HostBed bed) : IAsyncLifetime
{
    private const string Installed = "/usr/local/sbin/scyllabot-node";
    private const string SlowProgram = "/usr/local/bin/salt-call";

    /// <summary>On the list, and this host has no Salt: a stand-in takes its time. It asks systemd nothing, which would tell it of a power cut before it dies.</summary>
    private static readonly string[] Slow = ["salt-call", "--out=json", "--retcode-passthrough", "state.highstate"];

    private BedHost Host => bed["d", 3];

    /// <summary>A host on which nothing of it was ever done, and a program that takes its time and counts.</summary>
    public Task InitializeAsync() => bed.All.IsEmpty ? Task.CompletedTask : Host.ShAsync(
        "sh", "-ec",
        $"""
        rm -rf /var/lib/scyllabot /etc/scyllabot /etc/scylla/proof* /etc/scylla.d/proof /etc/systemd/system/scylla-server.service.d /var/lib/scylla/proof /var/lib/slow-starts
        id {NodeLogin.OneLine} >/dev/null 2>&1 || useradd -m -s /bin/bash {NodeLogin.OneLine}
        install -d -m 700 -o {NodeLogin.OneLine} /home/{NodeLogin.OneLine}/.ssh
        install -m 600 -o {NodeLogin.OneLine} /home/ops/.ssh/authorized_keys /home/{NodeLogin.OneLine}/.ssh/authorized_keys
        echo '{NodeLogin.OneLine} ALL=(root) NOPASSWD: {Installed}' > /etc/sudoers.d/scyllabot
        chmod 440 /etc/sudoers.d/scyllabot
        visudo -qc
        printf '#!/bin/sh\necho x >> /var/lib/slow-starts; sync /var/lib/slow-starts; until [ -e /run/slow-go ]; do sleep 0.1; done\n' > {SlowProgram}
        chmod 755 {SlowProgram}
        rm -f /run/slow-go
        """);

    public Task DisposeAsync() => bed.All.IsEmpty ? Task.CompletedTask : Host.ShAsync("sh", "-c", $"rm -rf /etc/scyllabot {SlowProgram}");

    [BedFact]
    public async Task The_bot_installs_it_by_a_login_that_may_and_the_login_with_one_sudoers_line_may_not_replace_it_nor_be_root_otherwise()
    {
        await using var ops = new NodeLogin(bed, Host, isInstalled: false);
        await using var limited = new NodeLogin(bed, Host, isInstalled: true);
        await Host.ShAsync("rm", "-f", Installed);

        Assert.True(await new NodeHelperInstall(ops.Commands).InstallAsync(ops.Node, default));
        Assert.False(await new NodeHelperInstall(ops.Commands).InstallAsync(ops.Node, default));
        Assert.Equal("755 root:root", await Host.ShAsync("stat", "-c", "%a %U:%G", Installed));
        Assert.Equal("hello", (await limited.RunAsync("i1", 1, "echo", "hello")).Output.Trim());

        await Host.ShAsync("sh", "-c", $"echo '# older' >> {Installed}");
        Assert.False(await new NodeHelperInstall(limited.Commands).IsCurrentAsync(limited.Node, default));
        await Assert.ThrowsAsync<RefusedException>(() => new NodeHelperInstall(limited.Commands).InstallAsync(limited.Node, default));
        Assert.NotEqual(0, (await limited.RunAsync(new RemoteCommand(["sudo", "-n", "id"], TimeSpan.FromSeconds(20)))).Exit);
        Assert.True(await new NodeHelperInstall(ops.Commands).InstallAsync(ops.Node, default));
        Assert.True(await new NodeHelperInstall(limited.Commands).IsCurrentAsync(limited.Node, default));
    }

    [BedFact]
    public async Task R12_R13_Exit_codes_fences_files_and_wiping_are_the_same_whether_it_is_installed_or_sent_along()
    {
        foreach (var isInstalled in new[] { true, false })
        {
            await InitializeAsync();
            await using var login = await LoginAsync(isInstalled);
            await ExitCodesAsync(login);
            await FilesAsync(login);
            await WipingAsync(login);
            await FenceAsync(login);
        }
    }

    [BedFact]
    public async Task R12_A_command_whose_connection_is_killed_goes_on_and_is_attached_to()
    {
        foreach (var isInstalled in new[] { true, false })
        {
            await InitializeAsync();
            await using var login = await LoginAsync(isInstalled);
            var running = login.RunAsync("slow-1", 1, Slow);
            await StartedAsync();

            await Host.ShAsync("pkill", "-KILL", "-u", login.User, "-x", "sshd");
            Assert.Equal(ExchangeFailure.NoAnswer, (await Assert.ThrowsAsync<ExchangeException>(() => running)).Failure);
            var attached = login.RunAsync("slow-1", 1, Slow);
            await Host.ShAsync("touch", "/run/slow-go");

            Assert.Equal(0, (await attached).Exit);
            Assert.Equal("x", await Host.ShAsync("cat", "/var/lib/slow-starts"));
        }
    }

    [BedFact]
    public async Task R12_A_power_cut_during_a_command_makes_it_unknown_and_it_is_never_run_again_and_what_had_ended_stays_known()
    {
        await using var login = await LoginAsync(isInstalled: true);
        var ended = await login.RunAsync("ended", 5, "systemctl", "start", "no-such-unit");
        var running = login.RunAsync("slow-2", 5, Slow);
        await StartedAsync();

        await Host.DoAsync("cut");
        await Host.DoAsync("start");
        await Assert.ThrowsAsync<ExchangeException>(() => running);

        await bed.HealthyAsync();
        var lost = await Assert.ThrowsAsync<CommandLostException>(() => login.RunAsync("slow-2", 5, Slow));
        Assert.Contains("the host has booted since", lost.Message);
        Assert.Equal("x", await Host.ShAsync("cat", "/var/lib/slow-starts"));
        Assert.Equal(ended, await login.RunAsync("ended", 5, "systemctl", "start", "no-such-unit"));
        await Assert.ThrowsAsync<FencedException>(() => login.RunAsync("late", 4, "echo", "late"));
    }

    private async Task<NodeLogin> LoginAsync(bool isInstalled)
    {
        await using var ops = new NodeLogin(bed, Host, isInstalled: false);
        await new NodeHelperInstall(ops.Commands).InstallAsync(ops.Node, default);
        if (!isInstalled)
        {
            await Host.ShAsync("rm", Installed);
        }

        return new NodeLogin(bed, Host, isInstalled);
    }

    private Task StartedAsync() => Eventually.TrueAsync(
        () => Task.FromResult(Host.File("/var/lib/slow-starts") is { Length: > 0 }), "the slow program to begin", Patience.Answer, TimeSpan.FromMilliseconds(50));

    private async Task ExitCodesAsync(NodeLogin login)
    {
        Assert.Equal(0, (await login.RunAsync("c1", 1, "systemctl", "restart", "ssh")).Exit);
        var missing = await login.RunAsync("c2", 1, "systemctl", "start", "no-such-unit");
        Assert.Equal(5, missing.Exit);
        Assert.Contains("no-such-unit", missing.Output);
        Assert.Equal(missing, await login.RunAsync("c2", 1, "systemctl", "start", "no-such-unit"));
        Assert.Contains("another command", (await Assert.ThrowsAsync<RefusedException>(() => login.RunAsync("c2", 1, "systemctl", "start", "ssh"))).Message);

        var kept = await login.RunAsync("c3", 1, "date", "+%s");
        Assert.Equal(kept, await login.RunAsync("c3", 1, "date", "+%s"));
        await login.Commands.ReleaseAsync(login.Node, "c3", default);
        Assert.Equal("", await Host.ShAsync("sh", "-c", "ls /var/lib/scyllabot/receipts | grep -x c3; systemctl list-units --all --plain --no-legend c3.service"));

        Assert.Equal(0, (await login.ReadAsync("journalctl", "-n", "1", "-o", "cat", "--no-pager", "--show-cursor")).Exit);
        Assert.Equal("6.2.0", (await login.RunAsync("c4", 1, "apt-get", "-y", "-q", "update")) is { Exit: 0 } ? await Host.VersionAsync() : "apt-get update failed");
        foreach (var argv in new string[][] { ["cat", "/etc/shadow"], ["bash", "-c", "id"], ["systemctl", "start", "poweroff.target"], ["systemctl", "--root=/", "enable", "x"] })
        {
            await Assert.ThrowsAsync<RefusedException>(() => login.RunAsync("c5", 1, argv));
            await Assert.ThrowsAsync<RefusedException>(() => login.ReadAsync(argv));
        }
    }

    private async Task FilesAsync(NodeLogin login)
    {
        const string Path = "/etc/scylla.d/proof/proof.conf";
        Assert.Equal(0, (await login.PutAsync("f1", Path, "# one\n")).Exit);
        Assert.Equal(0, (await login.PutAsync("f2", Path, "# two\n")).Exit);
        Assert.Equal("640 root:root # two", await Host.ShAsync("sh", "-c", $"echo $(stat -c '%a %U:%G' {Path}) $(cat {Path})"));
        Assert.Equal("# two\n", (await login.ReadAsync("cat", Path)).Output);
        Assert.Equal("proof.conf\n", (await login.ReadAsync("ls", "-A", System.IO.Path.GetDirectoryName(Path)!)).Output);

        Assert.Contains("not what was sent", (await login.PutAsync("f3", "/etc/scylla/proof.yaml", "torn", new string('0', 64))).Output);
        Assert.Equal("scylla.yaml", await Host.ShAsync("ls", "-A", "/etc/scylla"));

        await Host.ShAsync("ln", "-s", "/etc", "/etc/scylla/proof");
        foreach (var path in new[] { "/etc/systemd/system/scylla-server.service.d/x.conf", "/etc/default/scylla-server", "/etc/scylla/proof/passwd", "/etc/scylla/../shadow", "/etc/cron.d/proof", "/root/.ssh/authorized_keys" })
        {
            await Assert.ThrowsAsync<RefusedException>(() => login.PutAsync("f4", path, "x"));
        }

        await Host.ShAsync("sh", "-c", "rm /etc/scylla/proof; mkdir /etc/scyllabot; printf '/etc/proof\n-/etc/scylla\n' > /etc/scyllabot/put-folders");
        Assert.Equal(0, (await login.PutAsync("f5", "/etc/proof/more.conf", "x")).Exit);
        await Assert.ThrowsAsync<RefusedException>(() => login.PutAsync("f6", "/etc/scylla/proof.yaml", "x"));
    }

    private async Task WipingAsync(NodeLogin login)
    {
        const string Folder = "/var/lib/scylla/proof";
        await Host.ShAsync("sh", "-c", $"mkdir -p {Folder}/ks; echo x > {Folder}/ks/file; touch /etc/scyllabot/allow-run-command");
        await Assert.ThrowsAsync<RefusedException>(() => login.RunAsync("w1", 1, "wipe", Folder));
        Assert.Equal("x", await Host.ShAsync("cat", $"{Folder}/ks/file"));

        // What anybody else could have put there permits nothing.
        await Host.ShAsync("sh", "-c", "rm /etc/scyllabot/allow-run-command; touch /etc/scyllabot/allow-wipe; chmod 666 /etc/scyllabot/allow-wipe");
        await Assert.ThrowsAsync<RefusedException>(() => login.RunAsync("w2", 1, "wipe", Folder));

        await Host.ShAsync("chmod", "644", "/etc/scyllabot/allow-wipe");
        await Assert.ThrowsAsync<RefusedException>(() => login.RunAsync("w3", 1, "wipe", "/etc/scylla.d"));
        Assert.Equal(0, (await login.RunAsync("w4", 1, "wipe", Folder)).Exit);
        Assert.Equal("", await Host.ShAsync("ls", "-A", Folder));
    }

    private async Task FenceAsync(NodeLogin login)
    {
        await login.Commands.RaiseAsync(login.Node, "proof", 9, default);
        Assert.Contains("epoch 9", (await Assert.ThrowsAsync<FencedException>(() => login.RunAsync("e1", 8, Slow))).Message);
        Assert.Equal(0, (await login.RunAsync("e2", 9, "echo", "nine")).Exit);
        Assert.Equal("9", await Host.ShAsync("cat", "/var/lib/scyllabot/epochs/proof"));

        await login.Commands.ReleaseAsync(login.Node, "e2", default);
        var left = (await login.RunAsync(new RemoteCommand(["footprints", "proof"], TimeSpan.FromSeconds(20)) { AsRoot = true })).Output;
        Assert.Matches(@"^epoch 9\nlast e2 9 [0-9TZ:-]+\n(receipt \S+ \d+ ended\n)+scylla (in)?active\nend\n$", left);
    }
}
