using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What a caller asked of a node's command channel. Receipt and epoch as in operating-rules R12 and R13.</summary>
internal sealed record CommandCall(ImmutableArray<string> Argv, string? Receipt, long? Epoch, string? Step, string? Stdin);

/// <summary>Either the running (or finished) command, or why there is none.</summary>
/// <param name="Result">Its end; null: refused. <see cref="CommandResult.Gone"/>: the machine went down under it.</param>
/// <param name="Stale">A newer lease has spoken.</param>
internal sealed record CommandStart(Task<CommandResult>? Result, bool Stale)
{
    /// <summary>The machine is down: no connection.</summary>
    public bool Unreachable { get; init; }

    /// <summary>Started under this receipt before the last boot and never ended: what it did is unknown, and it is not run again (R12).</summary>
    public bool Lost { get; init; }
}

/// <summary>
/// A node's end of the command channel, with its durable receipts: a command with a receipt is started once, ever; whoever comes later with
/// the same receipt waits for it or gets the stored result. Receipts live on the machine, so they outlast scylla and reboots; what runs does not.
/// </summary>
internal sealed class CommandChannel(SimNode node)
{
    private readonly NodeShell _shell = new(node);
    private readonly Dictionary<string, Task<CommandResult>> _receipts = new(StringComparer.Ordinal);
    private long _highestEpoch = long.MinValue;

    /// <summary>Call inside the agenda; wait for the result outside.</summary>
    public CommandStart Start(CommandCall call)
    {
        if (!node.Machine.IsUp)
        {
            return new CommandStart(null, Stale: false) { Unreachable = true };
        }

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

        if (!_receipts.TryGetValue(call.Receipt, out var result))
        {
            _receipts.Add(call.Receipt, result = Begin(call));
        }
        else if (result.IsCompletedSuccessfully && ReferenceEquals(result.Result, CommandResult.Gone))
        {
            return new CommandStart(null, Stale: false) { Lost = true };
        }

        return new CommandStart(result, Stale: false);
    }

    /// <summary>Forgets a receipt; false if there was none.</summary>
    public bool Release(string receipt) => _receipts.Remove(receipt);

    private Task<CommandResult> Begin(CommandCall call) => _shell.RunAsync(call.Argv, call.Stdin, new Cause(call.Step, call.Receipt));
}
