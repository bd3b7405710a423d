using System.Collections.Immutable;
using System.Globalization;

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
    private readonly SortedDictionary<string, (Task<CommandResult> Result, long Epoch)> _receipts = new(StringComparer.Ordinal);
    private long _highestEpoch = long.MinValue;
    private string? _last;

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

        if (call is { Receipt: null, Argv: ["footprints", _] })
        {
            return new CommandStart(Task.FromResult(new CommandResult(0, Footprints())), Stale: false);
        }

        if (call.Receipt is null)
        {
            return new CommandStart(Begin(call), Stale: false);
        }

        if (!_receipts.TryGetValue(call.Receipt, out var kept))
        {
            _last = string.Create(CultureInfo.InvariantCulture, $"{call.Receipt} {call.Epoch ?? 0} {node.Cluster.Agenda.Now:yyyy-MM-ddTHH:mm:ssZ}");
            _receipts.Add(call.Receipt, kept = (Begin(call), call.Epoch ?? 0));
        }
        else if (IsLost(kept.Result))
        {
            return new CommandStart(null, Stale: false) { Lost = true };
        }

        return new CommandStart(kept.Result, Stale: false);
    }

    /// <summary>Forgets a receipt; false if there was none.</summary>
    public bool Release(string receipt) => _receipts.Remove(receipt);

    /// <summary>What scyllabot-node tells of what bots left; one lease, for a simulated node is in one cluster.</summary>
    private string Footprints() => string.Join('\n',
    [
        string.Create(CultureInfo.InvariantCulture, $"epoch {Math.Max(0, _highestEpoch)}"), .. _last is null ? Array.Empty<string>() : [$"last {_last}"],
        .. _receipts.Select(r => string.Create(
            CultureInfo.InvariantCulture, $"receipt {r.Key} {r.Value.Epoch} {(!r.Value.Result.IsCompleted ? "running" : IsLost(r.Value.Result) ? "lost" : "ended")}")),
        .. node.Machine.Timers.Waiting.Where(unit => unit.StartsWith("scp-rescue-", StringComparison.Ordinal)).Select(unit => $"timer {unit}"),
        $"scylla {node.Unit.ActiveState}", "end",
    ]);

    private static bool IsLost(Task<CommandResult> result) => result.IsCompletedSuccessfully && ReferenceEquals(result.Result, CommandResult.Gone);

    private Task<CommandResult> Begin(CommandCall call) => _shell.RunAsync(call.Argv, call.Stdin, new Cause(call.Step, call.Receipt));
}
