using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.NodeSide;

/// <summary>Which scyllabot-node a node has.</summary>
public enum NodeProgramState
{
    /// <summary>The very script this bot brings.</summary>
    Current,

    /// <summary>Another version, or one that somebody changed.</summary>
    Other,

    Missing,
}

/// <summary>Looks at what stands on a node between the login and root; changes nothing there.</summary>
public sealed class NodeInspection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly SshCommandChannel _commands;
    private readonly NodeProgram _program;

    public NodeInspection(SshCommandChannel commands) : this(commands, NodeProgram.Own)
    {
    }

    internal NodeInspection(SshCommandChannel commands, NodeProgram program) => (_commands, _program) = (commands, program);

    /// <summary>Where the script stands on nodes.</summary>
    public string ProgramPath => _program.Path;

    /// <exception cref="ExchangeException">The node could not be reached.</exception>
    /// <exception cref="RefusedException">It does not let the login in.</exception>
    public async Task<NodeProgramState> ProgramAsync(Node node, CancellationToken ct)
    {
        var sum = await _commands.RunAsync(node, new RemoteCommand(["sha256sum", _program.Path], Patience), null, ct);
        return sum.Exit != 0 ? NodeProgramState.Missing
            : sum.Output.StartsWith(_program.Sha256, StringComparison.Ordinal) ? NodeProgramState.Current : NodeProgramState.Other;
    }

    /// <summary>Whether the login may run as root what the bot runs as root. It tries it out on something that has no effect.</summary>
    /// <returns>What sudo said; null when it may.</returns>
    public async Task<string?> WhyNoRootAsync(Node node, CancellationToken ct)
    {
        var argv = node.Access?.Ssh.Helper == false ? new[] { "sudo", "-n", "/bin/bash", "-p", "-c", "true" } : ["sudo", "-n", _program.Path, "version"];
        var tried = await _commands.RunAsync(node, new RemoteCommand([.. argv], Patience), null, ct);
        return tried.Exit == 0 ? null : tried.Output.Trim() is { Length: > 0 } said ? said.Split('\n')[^1].Trim() : $"exit {tried.Exit}";
    }

    /// <summary>What the script on the node says to a command that would be run under a receipt; nothing is run.</summary>
    /// <returns>Why it would not; null when it would.</returns>
    public async Task<string?> WhyMayNotAsync(Node node, IEnumerable<string> argv, CancellationToken ct)
    {
        var asked = await _commands.RunAsync(node, new RemoteCommand([_program.Path, "may", "run", "--", .. argv], Patience), null, ct);
        return asked.Exit == 0 ? null : asked.Output.Trim() is { Length: > 0 } said ? said.Split('\n')[^1].Trim() : $"exit {asked.Exit}";
    }
}
