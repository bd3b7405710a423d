using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Commands on a node, classified (decision 7), under the attempt's receipt and epoch (R12, R13).</summary>
public static class NodeCommands
{
    private const int Reattachments = 5;
    private static readonly TimeSpan BetweenAttachments = TimeSpan.FromSeconds(5);

    /// <summary>A changing command: never run twice for the same attempt.</summary>
    /// <exception cref="RecoverableException">
    /// The node stays out of reach: what became of the command is unknown, so the next attempt asks under the same receipt (R12).
    /// </exception>
    /// <exception cref="UnrecoverableException">Another control plane with a newer lease is at work, the node refuses, or what became of it is unknown.</exception>
    public static Task<CommandResult> RunAsync(NodeContext node, ImmutableArray<string> argv, TimeSpan timeout, CancellationToken ct) =>
        RunAsync(node, new RemoteCommand(argv, timeout), unknown: null, ct);

    /// <summary>The same, with more to say than an argv: standard input and its secrets.</summary>
    /// <param name="node">Where, and for which attempt.</param>
    /// <param name="command">Without step, receipt and epoch: they are put in here.</param>
    /// <param name="unknown">The task's own check when it was started and never ended (R12); null = halt.</param>
    /// <param name="ct">Cancels the waiting, not the command.</param>
    public static async Task<CommandResult> RunAsync(
        NodeContext node, RemoteCommand command, Func<CancellationToken, Task<CommandResult>>? unknown, CancellationToken ct)
    {

        // A runner or a witness works for another node's step: whose it was must be told when nobody knows the job any more (R13).
        var receipt = ReceiptOf(node.Stamp, command.Argv) + (node.Stamp.Node is { } whose && whose != node.Node.Name ? $":{whose}" : "");
        command = command with { Step = node.Stamp.ToString(), Receipt = receipt, Epoch = node.Stamp.Epoch, Lease = node.Cluster.Name };
        node.Receipts.Add(node.Node, receipt);
        var isFirst = node.Receipts.Open(receipt);
        var givesUp = node.Time.GetUtcNow() + command.Timeout;
        for (var broken = 0; ; broken++)
        {
            try
            {
                var result = await ClassifyAsync(node.Commands, node.Node, command, node.Log.Write, ct);
                node.Receipts.Settle(receipt);
                return result;
            }
            catch (RecoverableException lost) when (broken < Reattachments && node.Time.GetUtcNow() < givesUp)
            {
                // Its patience is one for all attachments. The same attempt under the same receipt: it attaches, or takes the stored exit code, and never runs twice (R12).
                node.Log.Write($"Warning: {lost.Message}; attaching again");
                await Task.Delay(BetweenAttachments, node.Time, ct);
            }
            catch (UnrecoverableException refused) when (isFirst && broken == 0 && refused.InnerException is RefusedException)
            {
                node.Receipts.Settle(receipt);
                throw;
            }
            catch (CommandLostException lost)
            {
                node.Receipts.Settle(receipt);
                node.Log.Write($"Warning: {string.Join(' ', command.Argv.Take(3))}: {lost.Message}");
                return unknown is not null ? await unknown(ct) : throw new UnrecoverableException(
                    $"{node.Node.Name}: {string.Join(' ', command.Argv.Take(3))}: {lost.Message}; what it did is unknown", lost);
            }
        }
    }

    /// <summary>A reading command: no receipt.</summary>
    public static Task<CommandResult> ReadAsync(ICommandChannel channel, Node node, ImmutableArray<string> argv, TimeSpan timeout, CancellationToken ct) =>
        ClassifyAsync(channel, node, new RemoteCommand(argv, timeout), line: null, ct);

    /// <summary>The same, of a command with more to say than its argv.</summary>
    public static Task<CommandResult> ReadAsync(ICommandChannel channel, Node node, RemoteCommand command, CancellationToken ct) =>
        ClassifyAsync(channel, node, command, line: null, ct);

    /// <summary>A reading command after a changing one: a lost call is repeated here, for another attempt would do the change once more.</summary>
    public static async Task<CommandResult> ReadAfterAsync(NodeContext node, ImmutableArray<string> argv, TimeSpan timeout, CancellationToken ct)
    {
        for (var broken = 0; ; broken++)
        {
            try
            {
                return await ReadAsync(node.Commands, node.Node, argv, timeout, ct);
            }
            catch (RecoverableException lost) when (broken < Reattachments)
            {
                node.Log.Write($"Warning: {lost.Message}; asking again");
                await Task.Delay(BetweenAttachments, node.Time, ct);
            }
        }
    }

    /// <summary>A reading command that only root may run.</summary>
    public static Task<CommandResult> ReadAsRootAsync(NodeContext node, ImmutableArray<string> argv, TimeSpan timeout, CancellationToken ct) =>
        ClassifyAsync(node.Commands, node.Node, new RemoteCommand(argv, timeout) { AsRoot = true }, line: null, ct);

    /// <summary>One attempt may run several commands: the verb and its first words tell them apart, and a sum where there are more words.</summary>
    public static string ReceiptOf(StepStamp stamp, ImmutableArray<string> argv) =>
        $"scp-{stamp.Job}-{stamp.Path}-{stamp.ReceiptAttempt}-{string.Join('-', argv.Take(3).Select(Plain))}{(argv.Length > 3 ? "-" + SumOf(argv) : "")}";

    private static string SumOf(ImmutableArray<string> argv) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', argv))))[..12];

    private static string Plain(string word) => string.Concat(word.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static async Task<CommandResult> ClassifyAsync(
        ICommandChannel channel, Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
    {
        try
        {
            return await channel.RunAsync(node, command, line, ct);
        }
        catch (ExchangeException broken)
        {
            throw new RecoverableException($"{node.Name}: {string.Join(' ', command.Argv.Take(3))}: {broken.Message}", broken);
        }
        catch (FencedException fenced)
        {
            throw new UnrecoverableException($"{node.Name}: {fenced.Message}", fenced);
        }
        catch (RefusedException refused)
        {
            throw new UnrecoverableException($"{node.Name}: {string.Join(' ', command.Argv.Take(3))}: {refused.Message}", refused);
        }
    }
}
