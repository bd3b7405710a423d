using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Clusters.Import;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Real;

/// <summary>What <c>ScyllaBot inventory</c> was asked.</summary>
internal sealed record InventoryArguments
{
    public string? Check { get; init; }

    public string? FromNode { get; init; }

    public string? FromFile { get; init; }

    public string? FromAnsible { get; init; }

    public string Group { get; init; } = "all";

    public string? Name { get; init; }

    public NodeTransport Transport { get; init; } = NodeTransport.Ssh;

    public string? SshConfig { get; init; }

    public string? SshUser { get; init; }

    public SecretRef? AgentToken { get; init; }

    public string? Out { get; init; }

    /// <returns>The arguments, or what is wrong with them. Both null: help is asked for.</returns>
    public static (InventoryArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args.Any(a => a is "--help" or "-h" or "help"))
        {
            return (null, null);
        }

        if (args[0] == "check")
        {
            return args.Count == 2 ? (new InventoryArguments { Check = args[1] }, null) : (null, "inventory check needs one file");
        }

        if (args[0] != "import")
        {
            return (null, $"inventory {args[0]} is unknown; there are import and check");
        }

        var parsed = new InventoryArguments();
        for (var i = 1; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
            {
                return (null, $"{args[i]} needs a value");
            }

            var (next, error) = parsed.With(args[i], args[i + 1]);
            if (next is null)
            {
                return (null, error);
            }

            parsed = next;
        }

        return new[] { parsed.FromNode, parsed.FromFile, parsed.FromAnsible }.Count(f => f is not null) == 1
            ? (parsed, null) : (null, "inventory import needs one of --from-node, --from-file and --from-ansible");
    }

    public ImportRequest RequestOf(string? label, ImmutableArray<ImportHost> hosts) => new(Name ?? label, hosts)
    {
        Transport = Transport,
        Ssh = new SshOptions(SshConfig is null ? null : Path.GetFullPath(SshConfig), SshUser),
        Agent = new AgentOptions(Token: AgentToken),
    };

    private (InventoryArguments? Arguments, string? Error) With(string name, string value) => name switch
    {
        "--from-node" => (this with { FromNode = value }, null),
        "--from-file" => (this with { FromFile = value }, null),
        "--from-ansible" => (this with { FromAnsible = value }, null),
        "--group" => (this with { Group = value }, null),
        "--name" => (this with { Name = value }, null),
        "--ssh-config" => (this with { SshConfig = value }, null),
        "--ssh-user" => (this with { SshUser = value }, null),
        "--out" => (this with { Out = value }, null),
        "--transport" => value switch
        {
            "ssh" => (this with { Transport = NodeTransport.Ssh }, null),
            "ssh_exec" or "ssh-exec" => (this with { Transport = NodeTransport.SshExec }, null),
            "direct" => (this with { Transport = NodeTransport.Direct }, null),
            "agent" => (this with { Transport = NodeTransport.Agent }, null),
            _ => (null, $"--transport: {value} is unknown; there are ssh, ssh_exec, direct and agent"),
        },
        // The token itself never comes by the command line.
        "--agent-token" => SecretRef.TryParse(value) is { } secret
            ? (this with { AgentToken = secret }, null) : (null, "--agent-token says where the token is: file:/path or env:NAME"),
        _ => (null, $"unknown argument {name}"),
    };
}
