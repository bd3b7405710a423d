using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>The bot's own ssh to one host of the bed, by one login, with the node program installed or sent along.</summary>
internal sealed class NodeLogin : IAsyncDisposable
{
    /// <summary>A login whose one sudoers line is that of docs/node-access.md.</summary>
    public const string OneLine = "nodebot";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SshConnections _connections = new();
    private readonly string _config = Path.GetTempFileName();

    public NodeLogin(HostBed bed, BedHost host, bool isInstalled)
    {
        // Into the bed's network, and there as ssh_config of the bed says.
        File.WriteAllText(
            _config, $"Host *\n  ProxyCommand nsenter --net={bed.Network} bash -c 'exec 3<>/dev/tcp/%h/%p; cat <&3 & exec cat >&3'\nInclude {HostBed.State}/ssh_config\n");
        var user = isInstalled ? OneLine : "ops";
        Node = new Node(host.Name, host.Address, host.HostId, new Zone("us-east1", host.Rack))
        {
            Api = new Uri("http://127.0.0.1:10000/"), Metrics = new Uri($"http://{host.Address}:9180/metrics"),
            Access = new NodeAccess { SshHost = host.Name, Ssh = new SshOptions(_config, user, isInstalled) },
        };
        Name = isInstalled ? "installed" : "sent along";
        User = user;
        Commands = new SshCommandChannel(_connections);
    }

    public Node Node { get; }

    public string Name { get; }

    public string User { get; }

    public SshCommandChannel Commands { get; }

    public Task<CommandResult> RunAsync(string receipt, long epoch, params string[] argv) => RunAsync(Command(receipt, epoch, argv));

    public Task<CommandResult> RunAsync(RemoteCommand command, Action<string>? line = null) => Commands.RunAsync(Node, command, line, default);

    /// <summary>As root, without a receipt.</summary>
    public Task<CommandResult> ReadAsync(params string[] argv) => RunAsync(new RemoteCommand([.. argv], Patience) { AsRoot = true });

    public Task<CommandResult> PutAsync(string receipt, string path, string text, string? sum = null) => RunAsync(
        Command(receipt, 1, "put-file", path, "0640", "root:root", sum ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))))
            with { Stdin = Encoding.UTF8.GetBytes(text) });

    public static RemoteCommand Command(string receipt, long epoch, params string[] argv) =>
        new([.. argv], Patience) { Receipt = receipt, Epoch = epoch, Lease = "proof" };

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        File.Delete(_config);
    }
}
