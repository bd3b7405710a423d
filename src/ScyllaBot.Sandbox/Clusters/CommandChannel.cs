using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What a caller asked of a node's command channel. Receipt and epoch as in operating-rules R12 and R13.</summary>
internal sealed record CommandCall(ImmutableArray<string> Argv, string? Receipt, long? Epoch, string? Step, string? Stdin);

/// <summary>Either the running (or finished) command, or a refusal because a newer lease has spoken.</summary>
internal sealed record CommandStart(Task<CommandResult>? Result, bool Stale);

/// <summary>
/// A node's end of the command channel, with its durable receipts: a command with a receipt is started once, ever; whoever comes later with
/// the same receipt waits for it or gets the stored result. Receipts live on the machine, so they outlast scylla.
/// </summary>
internal sealed class CommandChannel(SimNode node)
{
    private readonly NodeShell _shell = new(node);
    private readonly Dictionary<string, Receipt> _receipts = new(StringComparer.Ordinal);
    private long _highestEpoch = long.MinValue;

    /// <summary>Call inside the agenda; wait for the result outside.</summary>
    public CommandStart Start(CommandCall call)
    {
        if (call.Epoch is { } epoch)
        {
            if (epoch < _highestEpoch)
            {
                return new CommandStart(null, Stale: true);
            }

            _highestEpoch = epoch;
        }

        if (call.Receipt is null)
        {
            return new CommandStart(Begin(call), Stale: false);
        }

        if (!_receipts.TryGetValue(call.Receipt, out var receipt))
        {
            receipt = new Receipt(call.Epoch, node.BootId, Begin(call));
            _receipts.Add(call.Receipt, receipt);
        }

        return new CommandStart(receipt.Result, Stale: false);
    }

    /// <summary>Forgets a receipt; false if there was none.</summary>
    public bool Release(string receipt) => _receipts.Remove(receipt);

    private Task<CommandResult> Begin(CommandCall call) => _shell.RunAsync(call.Argv, call.Stdin, new Cause(call.Step, call.Receipt));

    private sealed record Receipt(long? Epoch, Guid BootId, Task<CommandResult> Result);
}
