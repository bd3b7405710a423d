using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>How a SIGHUP went, as far as Scylla's journal says.</summary>
/// <param name="Ended">It says how it ended; otherwise nothing was found yet.</param>
/// <param name="Failure">Why the file could not be read; null when it could.</param>
/// <param name="Complaints">Lines <c>… : option</c>: values that did not convert (facts 4.3).</param>
internal sealed record Reread(bool Ended, string? Failure, ImmutableArray<string> Complaints);

/// <summary>What Scylla wrote to the node's journal from a point on.</summary>
internal static partial class ScyllaJournal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The journal's end as it was when this attempt first asked: kept with the receipt, so a resume reads from the same point.</summary>
    public static async Task<string> FirstCursorAsync(NodeContext node, CancellationToken ct)
    {
        var said = await node.RunAsync(["journalctl", "-n", "1", "-o", "cat", "--no-pager", "--show-cursor"], Patience, ct);
        return Cursor().Match(said.Output) is { Success: true } match
            ? match.Groups["cursor"].Value
            : throw new RecoverableException($"{node.Node.Name}: the journal can not be read: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
    }

    /// <param name="node">Whose.</param>
    /// <param name="cursor">From <see cref="FirstCursorAsync"/>.</param>
    /// <param name="options">Whose complaints count.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Reread> RereadSinceAsync(NodeContext node, string cursor, IEnumerable<string> options, CancellationToken ct)
    {
        var said = await NodeCommands.ReadAsRootAsync(
            node, ["journalctl", "-u", Systemd.Scylla, "-o", "cat", "--no-pager", $"--after-cursor={cursor}"], Patience, ct);
        if (said.Exit != 0)
        {
            throw new RecoverableException($"{node.Node.Name}: the journal can not be read: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
        }

        var lines = said.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        const string Failed = "failed to re-read configuration file";
        var failure = lines.LastOrDefault(line => line.Contains(Failed, StringComparison.Ordinal));
        return new Reread(
            failure is not null || lines.Any(line => line.Contains("completed re-reading configuration file", StringComparison.Ordinal)),
            failure?[(failure.IndexOf(Failed, StringComparison.Ordinal) + Failed.Length)..].TrimStart(':', ' '),
            [.. options.Select(o => lines.LastOrDefault(line => line.EndsWith($" : {o}", StringComparison.Ordinal))).OfType<string>()]);
    }

    [GeneratedRegex(@"^-- cursor: (?<cursor>[A-Za-z0-9=;_-]+)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Cursor();
}
