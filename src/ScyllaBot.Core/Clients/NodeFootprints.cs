using System.Globalization;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A command that a bot ran on a node under a receipt, as the node names it.</summary>
/// <param name="Name">Receipt.</param>
/// <param name="How"><c>ended</c>, <c>running</c>, <c>lost</c> or <c>waiting</c>; the last command of all: when it was begun.</param>
public sealed partial record LeftReceipt(string Name, long Epoch, string How)
{
    /// <summary>Whose; null when the name is of no job.</summary>
    public string? Job => Parts().Groups["job"] is { Success: true, Value: var job } ? job : null;

    /// <summary>The node whose step it was, where another one ran it for that; null: its own.</summary>
    public string? For => Parts().Groups["for"] is { Success: true, Value: var node } ? node : null;

    /// <summary>Place in its plan and attempt; null when it belongs to the whole job, or the name was cut.</summary>
    public (string Path, int Attempt)? Place => Parts() is { Success: true } parts && parts.Groups["path"].Success && Name[0] != 'r'
        && int.TryParse(parts.Groups["attempt"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? (parts.Groups["path"].Value, attempt) : null;

    /// <summary>It has begun and its end is not known to the node.</summary>
    public bool IsOpen => How is "running" or "lost";

    public override string ToString() => $"{Words()} of job {Job ?? "unknown"}{(Place is var (path, _) ? $", step {path}" : "")}";

    private Match Parts() => Shape().Match(Name);

    private string Words() => Parts().Groups["words"] is { Success: true, Value: { Length: > 0 } words } ? words : Shortened.To(Name, 80);

    // As NodeCommands.ReceiptOf makes it; the port puts an r before a name that it had to change.
    [GeneratedRegex(
        @"^r?scp-(?<job>[A-Za-z0-9]{1,40})-((?<path>[A-Za-z0-9.]{1,40})-(?<attempt>[0-9]{1,6})(-(?<words>[A-Za-z0-9_.-]{0,180}))?(:(?<for>[A-Za-z0-9_.-]{1,100}))?|.*)\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}

/// <summary>What bots left on one node under one cluster's lease, as scyllabot-node tells it (R13).</summary>
/// <param name="Epoch">The highest lease epoch it has seen; 0 = none.</param>
/// <param name="Last">The last command that began; it stays when its receipt is released.</param>
/// <param name="Timers">Units that will start Scylla by themselves (R10).</param>
/// <param name="Scylla">State of its unit.</param>
public sealed record NodeFootprints(long Epoch, LeftReceipt? Last, ImmutableArray<LeftReceipt> Receipts, ImmutableArray<string> Timers, string Scylla)
{
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public bool ScyllaRuns => Scylla is "active" or "activating" or "reloading";

    /// <exception cref="RecoverableException">The node could not be reached.</exception>
    /// <exception cref="UnrecoverableException">It will not tell: its scyllabot-node is older, or refuses.</exception>
    public static async Task<NodeFootprints> ReadAsync(ICommandChannel commands, Node node, string lease, CancellationToken ct)
    {
        var said = await NodeCommands.ReadAsync(commands, node, new RemoteCommand(["footprints", lease], Patience) { AsRoot = true, MaxOutput = MostBytes }, ct);
        return said.Exit == 0 && Parse(said.Output) is { } found
            ? found : throw new UnrecoverableException($"{node.Name}: footprints: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
    }

    /// <returns>Null when it is not whole.</returns>
    internal static NodeFootprints? Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToArray();
        if (lines is not [.., ["end"]] || lines[..^1].Any(l => !IsKnown(l)))
        {
            return null;
        }

        ImmutableArray<LeftReceipt> Named(string kind) => [.. lines.Where(l => l[0] == kind).Select(l => new LeftReceipt(l[1], Number(l[2])!.Value, l[3]))];
        return new NodeFootprints(
            lines.Where(l => l[0] == "epoch").Select(l => Number(l[1])!.Value).FirstOrDefault(), Named("last").FirstOrDefault(), Named("receipt"),
            [.. lines.Where(l => l[0] == "timer").Select(l => l[1])], lines.Where(l => l[0] == "scylla").Select(l => l.ElementAtOrDefault(1) ?? "unknown").FirstOrDefault() ?? "unknown");
    }

    private static bool IsKnown(string[] line) => line switch
    {
        ["epoch", var epoch] => Number(epoch) is not null,
        ["last" or "receipt", { Length: <= 200 }, var epoch, { Length: <= 40 }] => Number(epoch) is not null,
        ["timer", { Length: <= 200 }] or ["scylla"] or ["scylla", { Length: <= 40 }] => true,
        _ => false,
    };

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
