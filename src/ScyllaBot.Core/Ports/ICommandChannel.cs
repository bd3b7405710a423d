using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Ports;

/// <summary>A command on a node: an argv, never a shell line.</summary>
public sealed record RemoteCommand(ImmutableArray<string> Argv, TimeSpan Timeout)
{
    /// <summary>Job, step and attempt it is for; null for reads.</summary>
    public string? Step { get; init; }

    /// <summary>Name of its receipt on the node (R12): the same name never runs twice. Null for reads.</summary>
    public string? Receipt { get; init; }

    /// <summary>Lease epoch; the node refuses a lower one than it has seen (R13).</summary>
    public long? Epoch { get; init; }

    /// <summary>Which lease the epoch is of: the cluster's name. One host may be known to several.</summary>
    public string? Lease { get; init; }

    /// <summary>For its standard input; at most 1 MiB.</summary>
    public ReadOnlyMemory<byte> Stdin { get; init; }

    /// <summary>Secrets whose placeholders stand in <see cref="Stdin"/>; never in the argv. They are put in below the port.</summary>
    public ImmutableArray<SecretRef> Secrets { get; init; } = [];

    /// <value>Default false: as the login user. A command with a receipt always runs as root.</value>
    public bool AsRoot { get; init; }

    /// <value>Default 1 MiB; more is cut at the front, the end is what explains a failure.</value>
    public int MaxOutput { get; init; } = 1024 * 1024;
}

/// <summary>How a command ended.</summary>
public sealed record CommandResult(int Exit, string Output);

/// <summary>Port 5: argv → exit, bounded output. Lines go to the log sink as they come.</summary>
public interface ICommandChannel
{
    /// <summary>Runs the command, or with a receipt attaches to it, or returns its stored exit code.</summary>
    /// <exception cref="ExchangeException">The node could not be reached or the connection broke.</exception>
    /// <exception cref="FencedException">The node has seen a newer lease epoch (R13).</exception>
    /// <exception cref="CommandLostException">It was started and never ended: what it did is unknown (R12).</exception>
    /// <exception cref="RefusedException">The node will not, and another try finds the same. Nothing was run.</exception>
    Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct);

    /// <summary>Forgets a receipt once the step's success is committed (R12). Failing to reach the node is not an error.</summary>
    Task ReleaseAsync(Node node, string receipt, CancellationToken ct);
}

/// <summary>Somebody with a newer lease is at work: stop, touch nothing (R13).</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>Started, no exit code, and no longer running: the host was rebooted or the command killed. What it did is unknown (R12).</summary>
public sealed class CommandLostException(string message) : Exception(message);

/// <summary>Host key, authentication, sudo or the node's own list of commands said no. Nothing was run.</summary>
public sealed class RefusedException(string message) : Exception(message);
