using ScyllaBot.Core.Control;
using ScyllaBot.Transports;
using ScyllaBot.Transports.NodeSide;
using ScyllaBot.Transports.Ssh;
using ScyllaBot.Transports.Tests.Ssh;

namespace ScyllaBot.Tests.Doctor;

/// <summary>Nodes behind a real sshd: the sandbox's APIs through <c>ssh -W</c>, commands in a shell of this machine.</summary>
[Collection("doctor")]
public sealed class SshFaultTests : IAsyncLifetime
{
    private const int Nodes = 6;
    private readonly SshConnections _connections = new();
    private readonly HttpClient _http = HttpExchange.NewClient();
    private Patient _patient = null!;
    private RealSshd _sshd = null!;
    private ClusterExchange _exchange = null!;

    public static TheoryData<string, string, string, string> Logins => new()
    {
        { "unresolved", "  HostName scyllabot.invalid", "its name can not be resolved", "ssh_host in the inventory" },
        { "refused", "  Port 1", "connection refused", "start sshd there" },
        { "unknown", "  UserKnownHostsFile /dev/null", "its ssh host key is not known; nothing was sent", "ssh-keyscan" },
        { "changed", "  UserKnownHostsFile {folder}/others", "its ssh host key is not the one on record; nothing was sent", "ssh-keygen -R" },
        { "denied", "  User nobody-of-that-name", "permission denied", "authorized_keys" },
    };

    public async Task InitializeAsync()
    {
        if (new SshdFactAttribute().Skip is not null)
        {
            return;
        }

        _patient = await Patient.SaneAsync();
        _sshd = await RealSshd.StartAsync();
        _exchange = new ClusterExchange(new HttpExchange(_http), _connections, null, null, _sshd.Program);
        _sshd.Write("scyllabot-node", _sshd.Program.Text, executable: true);
        _sshd.Write("bin/cqlsh", "#!/bin/sh\nprintf '\\n [json]\\n-----\\n {\"keyspace_name\": \"system\"}\\n\\n(1 rows)\\n'\n", executable: true);
        _sshd.Write("bin/chronyc", "#!/bin/sh\necho 'C0A80001,ntp,2,1700000000.1,0.000012,0.1,0.1,0.1,0.1,0.1,0.1,0.1,64.0,Normal'\n", executable: true);
        ByPlainSsh();
        var commands = new ClusterCommandChannel(_sshd.Channel(_connections), new SandboxCommandChannel(new HttpExchange(_http)));
        _patient.Change = c => c with { Http = _exchange, Commands = commands, NodeSide = new NodeInspection(_sshd.Channel(_connections), _sshd.Program) };
    }

    public async Task DisposeAsync()
    {
        if (_sshd is not null)
        {
            _exchange.Dispose();
            await _connections.DisposeAsync();
            await _sshd.DisposeAsync();
            await _patient.DisposeAsync();
        }

        _http.Dispose();
    }

    [SshdFact]
    public async Task Of_sane_nodes_behind_ssh_it_has_nothing_to_say()
    {
        var report = await _patient.LookAsync();

        Assert.True(report.Findings.All(f => f.Level == DoctorLevel.Ok), DoctorText.Of(report));
        foreach (var check in new[] { "reach", "scyllabot-node", "sudo", "rest", "metrics", "cql", "clock" })
        {
            Assert.Equal(Nodes, report.Findings.Count(f => f.Check == check));
        }
    }

    [SshdFact]
    public async Task Each_way_in_which_ssh_fails_is_told_apart_at_once_and_what_waits_for_it_is_not_blamed()
    {
        foreach (var (index, login) in Logins.Index())
        {
            Login(index, (string)login[0], (string)login[1]);
        }

        var report = await _patient.LookAsync();

        foreach (var (index, login) in Logins.Index())
        {
            AssertNamed(report, index, (string)login[2], (string)login[3]);
        }

        Assert.Equal(Logins.Count, report.Count(DoctorLevel.Broken) - report.Findings.Count(f => f is { Check: "ring", Level: DoctorLevel.Broken }));
        Assert.Contains(report.Findings, f => f is { Check: "rest", Level: DoctorLevel.Skipped } && f.Node == _patient.NodeName(0));
        Assert.Contains(report.Findings, f => f is { Check: "rest", Level: DoctorLevel.Ok } && f.Node == _patient.NodeName(Nodes - 1));
    }

    [SshdFact]
    public async Task Any_of_them_alone_is_named()
    {
        var before = _patient.Inventory;
        foreach (var login in Logins)
        {
            _patient.Inventory = before;
            Login(0, (string)login[0], (string)login[1]);
            var report = await _patient.LookAsync();
            AssertNamed(report, 0, (string)login[2], (string)login[3]);
        }
    }

    [SshdFact]
    public async Task A_script_that_is_not_there_is_named()
    {
        File.Delete(_sshd.Program.Path);
        await NamedAsync("scyllabot-node", DoctorLevel.Broken, "there is no ", "ScyllaBot nodes install");
    }

    [SshdFact]
    public async Task A_script_of_another_version_is_named()
    {
        File.AppendAllText(_sshd.Program.Path, "# changed\n");
        await NamedAsync("scyllabot-node", DoctorLevel.Warning, "is of another version, or was changed", "ScyllaBot nodes install");
    }

    [SshdFact]
    public async Task A_login_without_rights_is_named()
    {
        _sshd.Write("bin/sudo", "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n", executable: true);
        await NamedAsync("sudo", DoctorLevel.Broken, "sudo: a password is required", "doctor --print-sudoers");
    }

    [SshdFact]
    public async Task An_sshd_that_forbids_forwarding_is_named()
    {
        await _sshd.StopAsync();
        await _sshd.BootAsync("AllowTcpForwarding no");
        await NamedAsync("rest", DoctorLevel.Broken, "sshd there forbids forwarding", "transport: ssh_exec");
    }

    [SshdFact]
    public async Task A_clock_that_is_off_is_named()
    {
        _sshd.Write("bin/chronyc", "#!/bin/sh\necho 'C0A80001,ntp,2,1700000000.1,-2.5,0.1,0.1,0.1,0.1,0.1,0.1,0.1,64.0,Normal'\n", executable: true);
        await NamedAsync("clock", DoctorLevel.Broken, "off by up to 2.5 s (by chrony)", "chronyc sources");
    }

    [SshdFact]
    public async Task A_node_without_cqlsh_is_named()
    {
        _sshd.Write("bin/cqlsh", "#!/bin/sh\necho 'AuthenticationFailed: Bad credentials'\nexit 1\n", executable: true);
        await NamedAsync("cql", DoctorLevel.Broken, "Bad credentials", "a role that may read system tables");
    }

    private void ByPlainSsh()
    {
        var lines = _patient.Inventory!.Split('\n');
        var nodes = 0;
        _patient.Inventory = string.Join('\n', lines.Select(l => l.StartsWith("        commands: ", StringComparison.Ordinal) ? $"        ssh_host: node-{++nodes}" : l))
            .Replace("    mode: run\n", $"    mode: run\n    transport: ssh\n    ssh: {{config: {_sshd.ClientConfig}}}\n", StringComparison.Ordinal);
        Assert.Equal(Nodes, nodes);
    }

    private void Login(int node, string name, string options)
    {
        _patient.Node(node, "ssh_host", name);
        var known = File.ReadAllText(Path.Combine(_sshd.Folder, "id.pub")).Split(' ');
        File.WriteAllText(Path.Combine(_sshd.Folder, "others"), $"[127.0.0.1]:{_sshd.Port} {known[0]} {known[1]}\n");
        File.WriteAllText(_sshd.ClientConfig, $"Host {name}\n{options.Replace("{folder}", _sshd.Folder, StringComparison.Ordinal)}\n{File.ReadAllText(_sshd.ClientConfig)}");
    }

    private void AssertNamed(DoctorReport report, int node, string seen, string remedy) => Assert.True(
        report.Findings.Any(f => f is { Check: "reach", Level: DoctorLevel.Broken } && f.Node == _patient.NodeName(node)
            && f.Seen.Contains(seen, StringComparison.Ordinal) && f.Remedy!.Contains(remedy, StringComparison.Ordinal)), DoctorText.Of(report));

    private async Task NamedAsync(string check, DoctorLevel level, string seen, string remedy)
    {
        var report = await _patient.LookAsync();
        var found = report.Findings.Where(f => f.Check == check && f.Level == level && f.Seen.Contains(seen, StringComparison.Ordinal)
            && f.Remedy!.Contains(remedy, StringComparison.Ordinal));
        Assert.True(found.Count() == Nodes, DoctorText.Of(report));
    }
}
