using System.Collections.Concurrent;
using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot.Transports.Ssh;

/// <summary>
/// Commands on real nodes. Reads run as the login user; changing ones through the node's own <c>scyllabot-node</c>,
/// which keeps their receipts and lease epochs (R12, R13; ADR 0014).
/// </summary>
public sealed class SshCommandChannel : ICommandChannel
{
    private const int MostLinesRemembered = 10_000;
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(20);

    // Beyond the command's own patience, which the node measures: for making the connection and for its last words.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(60);

    private readonly SshConnections _connections;
    private readonly NodeProgram _program;

    // Who attaches again reads everything again, but its lines were logged before.
    private readonly ConcurrentDictionary<(string Node, string Receipt), int> _heard = new();

    public SshCommandChannel(SshConnections connections) : this(connections, NodeProgram.Own)
    {
    }

    internal SshCommandChannel(SshConnections connections, NodeProgram program) => (_connections, _program) = (connections, program);

    public async Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
    {
        var access = AccessOf(node);
        var stdin = Secrets.Fill(command.Stdin, command.Secrets);
        using var timer = new CancellationTokenSource(command.Timeout + (command.Receipt is null ? TimeSpan.Zero : Slack), _connections.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        var sink = new LineSink(line, command.Receipt is null ? 0 : _heard.GetValueOrDefault((node.Name, command.Receipt)));
        try
        {
            var end = await SshSession.RunAsync(_connections.Of(access), mark => Words(access, command, mark), stdin, command.MaxOutput, sink.Hear, both.Token);
            return Result(command, end);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.TimedOut, $"no end within {command.Timeout.TotalSeconds:0} s");
        }
        finally
        {
            if (command.Receipt is { } receipt)
            {
                Remember(node, receipt, sink.Heard);
            }
        }
    }

    public async Task ReleaseAsync(Node node, string receipt, CancellationToken ct)
    {
        _heard.TryRemove((node.Name, receipt), out _);
        try
        {
            await VerbAsync(node, ["release", ReceiptName.Of(receipt)], ct);
        }
        catch (Exception kept) when (kept is ExchangeException or RefusedException)
        {
            // A receipt too many is harmless: its name is never used again.
        }
    }

    /// <summary>Tells the node that a lease has a new epoch, without a command (R13).</summary>
    /// <exception cref="ExchangeException">The node could not be reached.</exception>
    /// <exception cref="FencedException">The node has seen a newer one.</exception>
    public async Task RaiseAsync(Node node, string lease, long epoch, CancellationToken ct)
    {
        var end = await VerbAsync(node, ["epoch", lease, epoch.ToString(CultureInfo.InvariantCulture)], ct);
        Result(new RemoteCommand(["epoch"], ReleasePatience), end);
    }

    private async Task<SessionEnd> VerbAsync(Node node, string[] verb, CancellationToken ct)
    {
        var access = AccessOf(node);
        using var timer = new CancellationTokenSource(ReleasePatience, _connections.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return await SshSession.RunAsync(_connections.Of(access), mark => _program.AsRoot(access.Ssh.Helper, mark, verb), default, 4096, null, both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.TimedOut, $"no end within {ReleasePatience.TotalSeconds:0} s");
        }
    }

    private IEnumerable<string> Words(NodeAccess access, RemoteCommand command, string mark)
    {
        var helper = access.Ssh.Helper;
        if (command.Receipt is { } receipt)
        {
            return _program.AsRoot(
                helper, mark,
                [
                    "run", ReceiptName.Of(receipt), (command.Epoch ?? 0).ToString(CultureInfo.InvariantCulture), command.Lease ?? "default",
                    NodeProgram.Seconds(command.Timeout), command.MaxOutput.ToString(CultureInfo.InvariantCulture), "--", .. command.Argv,
                ]);
        }

        return command.AsRoot
            ? _program.AsRoot(helper, mark, ["read", NodeProgram.Seconds(command.Timeout + TimeSpan.FromSeconds(10)), "--", .. command.Argv])
            : NodeProgram.Read(mark, command.Timeout, command.Argv);
    }

    private static CommandResult Result(RemoteCommand command, SessionEnd end) => end.Kind switch
    {
        "exit" when int.TryParse(end.Detail, NumberStyles.None, CultureInfo.InvariantCulture, out var exit) => new CommandResult(exit, OutputOf(exit, end)),
        "fenced" => throw new FencedException($"the node has seen lease epoch {end.Detail}: another control plane is at work"),
        "lost" => throw new CommandLostException(end.Detail),
        "running" => throw new ExchangeException(ExchangeFailure.TimedOut, $"it still runs after {command.Timeout.TotalSeconds:0} s"),
        "refused" => throw new RefusedException(end.Detail),
        "nostart" => throw new ExchangeException(ExchangeFailure.NotConnected, end.Detail),
        _ => throw new ExchangeException(ExchangeFailure.NoAnswer, $"scyllabot-node said {end.Kind} {end.Detail}"),
    };

    // What succeeded is read by programs, so warnings stay out of it; what failed is read by people.
    private static string OutputOf(int exit, SessionEnd end) =>
        exit == 0 || end.Errors.Bytes.IsEmpty ? end.Output.ToString() : end.Output.ToString() + end.Errors;

    private void Remember(Node node, string receipt, int lines)
    {
        if (_heard.Count < MostLinesRemembered)
        {
            _heard.AddOrUpdate((node.Name, receipt), lines, (_, before) => Math.Max(before, lines));
        }
    }

    private static NodeAccess AccessOf(Node node) =>
        node.Access ?? throw new ExchangeException(ExchangeFailure.NotConnected, $"{node.Name}: the inventory does not say how it is reached by ssh");

    private sealed class LineSink(Action<string>? line, int known)
    {
        private readonly Lock _lock = new();

        public int Heard { get; private set; }

        public void Hear(string text)
        {
            lock (_lock)
            {
                if (++Heard > known)
                {
                    line?.Invoke(text);
                }
            }
        }
    }
}
