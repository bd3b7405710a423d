using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Transports.NodeSide;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>
/// A real sshd of the test's own on loopback, with keys, configuration and a folder for its "host": where scyllabot-node keeps its state,
/// and where sudo, systemd-run and systemctl stand that act without a booted host. It counts how often a unit was started.
/// </summary>
internal sealed class RealSshd : IAsyncDisposable
{
    private readonly string _config;
    private Process? _server;

    private RealSshd(string folder) => (Folder, _config) = (folder, Path.Combine(folder, "sshd_config"));

    public string Folder { get; }

    public int Port { get; private set; }

    public string ClientConfig => Path.Combine(Folder, "ssh_config");

    public int Server => _server!.Id;

    /// <summary>scyllabot-node with this host's folders instead of a machine's own.</summary>
    public NodeProgram Program => new(
        Path.Combine(Folder, "scyllabot-node"),
        NodeProgram.Own.Text
            .Replace("/var/lib/scyllabot", Path.Combine(Folder, "state"), StringComparison.Ordinal)
            .Replace("/run/scyllabot", Path.Combine(Folder, "run"), StringComparison.Ordinal)
            .Replace("/etc/scyllabot", Path.Combine(Folder, "etc"), StringComparison.Ordinal)
            .Replace("/proc/sys/kernel/random/boot_id", Path.Combine(Folder, "boot_id"), StringComparison.Ordinal)
            .Replace("[ \"$EUID\" = 0 ]", "true", StringComparison.Ordinal)
            .Replace("export PATH=", $"export PATH={Folder}/bin:", StringComparison.Ordinal));

    public int Starts => File.Exists(Path.Combine(Folder, "starts")) ? File.ReadAllLines(Path.Combine(Folder, "starts")).Length : 0;

    public static async Task<RealSshd> StartAsync(string extra = "")
    {
        var sshd = new RealSshd(Directory.CreateTempSubdirectory("sshd-").FullName);
        sshd.Keys();
        sshd.Tools();
        await sshd.BootAsync(extra);
        return sshd;
    }

    public Node Node(bool helper = false, int maxSessions = 8) => new("node-1", "127.0.0.1", Guid.Empty, new Zone("dc", "a"))
    {
        Api = new Uri("http://127.0.0.1:10000/"), Metrics = new Uri("http://127.0.0.1:9180/metrics"),
        Access = new NodeAccess { SshHost = "node-1", Ssh = new SshOptions(ClientConfig, Helper: helper, MaxSessions: maxSessions) },
    };

    public SshCommandChannel Channel(SshConnections connections) => new(connections, Program);

    public void Write(string file, string text, bool executable = false)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (executable)
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }

    /// <summary>Everything sshd runs for its clients ends at once, as by a cut cable.</summary>
    public void KillConnections()
    {
        foreach (var child in File.ReadAllText($"/proc/{Server}/task/{Server}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
                process.Kill(entireProcessTree: false);
            }
            catch (ArgumentException)
            {
                // It ended by itself since it was listed.
            }
        }
    }

    public async Task StopAsync()
    {
        if (_server is { HasExited: false } server)
        {
            KillConnections();
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    public async Task BootAsync(string extra = "")
    {
        for (var tries = 0; ; tries++)
        {
            Port = Port == 0 || tries > 0 ? FreePort() : Port;
            Configure(extra);
            _server = Process.Start(new ProcessStartInfo(SshdFactAttribute.Server, ["-D", "-f", _config, "-E", Path.Combine(Folder, "sshd.log")]) { UseShellExecute = false })!;
            if (await AnswersAsync())
            {
                return;
            }

            Assert.True(tries < 5, $"sshd does not start: {File.ReadAllText(Path.Combine(Folder, "sshd.log"))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Keys()
    {
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Folder, "host"));
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Folder, "id"));
        File.Copy(Path.Combine(Folder, "id.pub"), Path.Combine(Folder, "authorized_keys"));
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }
    }

    private void Tools()
    {
        Write("boot_id", "boot-1\n");
        Write("bin/sudo", "#!/bin/sh\n[ \"$1\" = -n ] && shift\nexec \"$@\"\n", executable: true);
        Write(
            "bin/systemd-run",
            $"""
            #!/bin/bash
            while :; do case $1 in --unit=*) u=$[1#*=];; --*) ;; *) break;; esac; shift; done
            echo "$u" >> {Folder}/starts
            mkdir -p {Folder}/units
            setsid "$@" </dev/null >/dev/null 2>&1 &
            echo $! > {Folder}/units/$u.service
            """.Replace("$[1#*=]", "${1#*=}", StringComparison.Ordinal), executable: true);
        Write(
            "bin/systemctl",
            $"""
            #!/bin/bash
            [ "$1" = show ] || exit 0
            p=$(cat {Folder}/units/$4 2>/dev/null) && kill -0 "$p" 2>/dev/null && echo running || echo dead
            """, executable: true);
    }

    private void Configure(string extra)
    {
        File.WriteAllText(
            _config,
            $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {Folder}/host
            PidFile none
            AuthorizedKeysFile {Folder}/authorized_keys
            UsePAM no
            StrictModes no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            SetEnv PATH={Folder}/bin:/usr/local/bin:/usr/bin:/bin
            {extra}

            """);
        File.WriteAllText(
            ClientConfig,
            $"""
            Host *
              HostName 127.0.0.1
              Port {Port}
              IdentityFile {Folder}/id
              IdentitiesOnly yes
              UserKnownHostsFile {Folder}/known_hosts
              GlobalKnownHostsFile /dev/null

            """);
        Trust(Path.Combine(Folder, "host.pub"));
    }

    /// <summary>The host key that clients expect.</summary>
    public void Trust(string publicKey)
    {
        var key = string.Join(' ', File.ReadAllText(publicKey).Split(' ')[..2]);
        File.WriteAllText(Path.Combine(Folder, "known_hosts"), $"[127.0.0.1]:{Port} {key}\n");
    }

    private async Task<bool> AnswersAsync()
    {
        while (!_server!.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return await client.GetStream().ReadAsync(new byte[4]) == 4;
            }
            catch (Exception notYet) when (notYet is SocketException or IOException)
            {
                await Task.Yield();
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
