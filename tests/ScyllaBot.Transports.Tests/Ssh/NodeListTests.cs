using System.Diagnostics;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>What scyllabot-node says it would run, asked by its own dry verb. What the catalogue sends is held to it by every simulated run (Core.Tests).</summary>
public sealed class NodeListTests : IDisposable
{
    private const string Sum = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    private readonly string _conf = Directory.CreateTempSubdirectory("conf-").FullName;

    public static TheoryData<string> Allowed => new(
        "systemctl|stop|scylla-server", "systemctl|kill|-s|HUP|--kill-who=main|scylla-server", "systemctl|stop|scp-rescue-01JOB.timer", "systemctl|list-units|--plain|--no-legend|--full|scp-rescue-*.timer", "systemctl|reboot", "footprints|messages-stg",
        "systemd-run|--collect|--on-active=900|--unit=scp-rescue-01JOB|systemctl|start|scylla-server", "cat|/proc/sys/kernel/random/boot_id", "date|+%s", "echo|on",
        "journalctl|-n|1|-o|cat|--no-pager|--show-cursor", "apt-get|-y|-q|-o|Dpkg::Options::=--force-confold|-o|DPkg::Lock::Timeout=300|install|scylla-server=6.2.1~rc1-0",
        "dnf|-y|-q|downgrade|scylla-server-6.2.0", "yum|-q|versionlock|add|scylla-server", $"put-file|/etc/scylla/scylla.yaml|0644|root:root|{Sum}",
        $"put-file|/etc/scylla/scylla.yaml.before-01JOB-1.2|644|root:root|{Sum}", "ls|-A|/var/lib/scylla/data", "stat|--format=%s %a %U %G|/etc/default/scylla-server");

    public static TheoryData<string> Refused => new(
        "bash|-c|id", "/bin/sh", "sh", "env|systemctl|stop|x", "systemctl", "systemctl|stop", "systemctl|--root=/tmp|enable|x", "systemctl|stop|../x", "systemctl|enable|/tmp/x.service",
        "systemctl|edit|x", "systemctl|list-units", "systemctl|list-units|--plain|--no-legend|--full|*.timer", "systemctl|stop|scp-rescue-*.timer", "systemctl|start|poweroff.target", "systemctl|start|systemd-poweroff.service", "systemctl|stop|a|b", "systemctl|stop|a\nb", "systemctl|stop|-a", "poweroff", "reboot", "footprints", "footprints|../x", "footprints|a|b",
        "apt-get|-y|-q|-o|APT::Update::Pre-Invoke::=id|update", "apt-get|-y|-q|-oAPT::Update::Pre-Invoke::=id|update", "apt-get|-y|-q|install|./x.deb", "apt-get|-y|-q|install|x",
        "apt-get|-y|-q|-o|Dpkg::Options::=--force-confold|-o|DPkg::Lock::Timeout=300|install|x=1-", "apt-get|-y|-q|-c|/tmp/x|update", "apt-get|-y|-q|remove|x",
        "dnf|-y|-q|install|/tmp/x-1.rpm", "dnf|-y|-q|install|x-1.rpm", "dnf|-y|-q|install|http://x/y-1", "yum|--setopt=x=y|-q|makecache", "yum|-q|versionlock|clear",
        "systemd-run|--collect|--on-active=1|--unit=scp-rescue-1|systemctl|start|debug-shell", "systemd-run|--collect|--on-active=1|--unit=scp-rescue-1|bash|-c|id", "systemd-run|id",
        "salt-call|--out=json|--retcode-passthrough|cmd.run|id", "salt-call|--local|--out=json|--retcode-passthrough|state.highstate", "salt-call|--config-dir=/tmp|state.highstate",
        "ansible-playbook|--limit|a|-i|/tmp/hosts|/tmp/x.yml", "ansible-playbook|--limit|a|-i|/etc/passwd|-e|@/tmp/x|/etc/passwd",
        "cat|/etc/shadow", "cat|/etc/scylla/../shadow", "cat|/etc/scylla/x|/etc/shadow", "sha256sum|--check|/etc/scylla/x", "ls|-A|/root", "journalctl|-D|/tmp|-n|1",
        "journalctl|-u|x|-o|cat|--no-pager|--after-cursor=a b", "echo|-e", "echo|a\tb", "echo", "true|true", "date|-s|2000-01-01",
        $"put-file|/etc/passwd|0644|root:root|{Sum}", $"put-file|/etc/scylla/../passwd|0644|root:root|{Sum}", $"put-file|/etc/scylla/x|4755|root:root|{Sum}",
        $"put-file|/etc/scylla|0644|root:root|{Sum}", "put-file|/etc/scylla/x|0644|root:root|", $"put-file|etc/scylla/x|0644|root:root|{Sum}", $"put-file|/etc/scyllabot/allow-run-command|0644|root:root|{Sum}",
        "wipe|/var/lib/scylla/data", "wipe|/", "wipe");

    [Theory, MemberData(nameof(Allowed))]
    public void What_the_catalogue_runs_is_allowed(string argv) => Assert.Equal(0, Ask("run", argv));

    [Theory, MemberData(nameof(Refused))]
    public void Everything_else_is_refused(string argv) => Assert.Equal((1, 1), (Ask("run", argv), Ask("read", argv)));

    [Fact]
    public void A_reading_command_may_change_nothing_and_words_have_an_end()
    {
        Assert.Equal(1, Ask("read", "systemctl|stop|scylla-server"));
        Assert.Equal(1, Ask("read", "echo|on"));
        Assert.Equal(0, Ask("run", "echo|" + new string('a', 1024)));
        Assert.Equal(1, Ask("run", "echo|" + new string('a', 1025)));
    }

    [Fact]
    public void Wiping_needs_its_own_permission_even_where_any_argv_is_permitted()
    {
        Permit("allow-run-command");
        Assert.Equal((0, 1, 1), (Ask("run", "bash|-c|id"), Ask("run", "wipe|/var/lib/scylla/data"), Ask("run", $"put-file|/etc/passwd|0644|root:root|{Sum}")));

        Permit("allow-wipe");
        Assert.Equal((0, 1, 1), (Ask("run", "wipe|/var/lib/scylla/data"), Ask("run", "wipe|/var/lib/scylla"), Ask("run", "wipe|/var/lib/scylla/data|/home")));
    }

    [Fact]
    public void A_provisioner_runs_only_where_root_has_listed_its_path()
    {
        Assert.Equal((1, 1), (Ask("run", "/usr/local/bin/provision|provision|01JOB-1"), Ask("read", "/usr/local/bin/provision|plan|01JOB-1")));

        Permit("provisioners", text: "/usr/local/bin/provision\n");
        Assert.Equal((0, 0, 0), (Ask("run", "/usr/local/bin/provision|provision|01JOB-1"), Ask("run", "/usr/local/bin/provision|destroy|01JOB-1"), Ask("read", "/usr/local/bin/provision|describe|01JOB-1")));
        Assert.Equal((1, 1), (Ask("read", "/usr/local/bin/provision|destroy|01JOB-1"), Ask("run", "/usr/local/bin/provision|apply|01JOB-1")));
        Assert.Equal((1, 1), (Ask("run", "/usr/local/bin/provision2|provision|01JOB-1"), Ask("run", "/usr/local/bin/../bin/provision|provision|01JOB-1")));
        Assert.Equal((1, 1), (Ask("run", "/usr/local/bin/provision|provision|--help"), Ask("run", "/usr/local/bin/provision|provision|01JOB-1|more")));
    }

    [Fact]
    public void A_permission_that_others_could_have_written_permits_nothing()
    {
        Permit("allow-run-command", (UnixFileMode)0b110_110_100);
        Assert.Equal(1, Ask("run", "bash|-c|id"));
    }

    [Fact]
    public void All_shapes_are_shown()
    {
        var shown = Said();
        Assert.Contains("systemctl (daemon-reload|reboot)\n", shown, StringComparison.Ordinal);
        Assert.Contains("wipe( <data>)+\n", shown, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_conf, recursive: true);

    private void Permit(string name, UnixFileMode mode = (UnixFileMode)0b110_100_100, string text = "")
    {
        File.WriteAllText(Path.Combine(_conf, name), text);
        File.SetUnixFileMode(Path.Combine(_conf, name), mode);
    }

    private int Ask(string verb, string argv)
    {
        using var asked = Start(["may", verb, "--", .. argv.Split('|')]);
        asked.WaitForExit();
        return asked.ExitCode;
    }

    private string Said()
    {
        using var asked = Start(["may"]);
        return asked.StandardOutput.ReadToEnd();
    }

    private Process Start(string[] words) => Process.Start(
        new ProcessStartInfo("/bin/bash", ["-p", "-c", NodeProgram.Own.Text.Replace("/etc/scyllabot", _conf, StringComparison.Ordinal), "scyllabot-node", .. words])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
