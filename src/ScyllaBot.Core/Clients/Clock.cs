using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>How far a node's clock is off, as far as anything can tell.</summary>
/// <param name="Offset">At most so far, whichever way.</param>
/// <param name="Source">Who says so.</param>
public sealed record ClockOffset(TimeSpan Offset, string Source)
{
    internal const string Own = "the bot's own clock";

    /// <summary>Nothing on the node knows better: the way there and back is in it.</summary>
    public bool IsOwn => Source == Own;
}

/// <summary>A node's clock: chrony knows best, then systemd-timesyncd, then a comparison with the bot's own.</summary>
public static class Clock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="RecoverableException">Nothing on the node tells the time in a form that can be read.</exception>
    public static Task<ClockOffset> OffsetAsync(NodeContext node, CancellationToken ct) => OffsetAsync(node.Commands, node.Node, node.Time, ct);

    /// <summary>The same outside of a job.</summary>
    /// <exception cref="RecoverableException">Nothing on the node tells the time in a form that can be read.</exception>
    public static async Task<ClockOffset> OffsetAsync(ICommandChannel commands, Node on, TimeProvider time, CancellationToken ct)
    {
        var node = new Asked(commands, on, time);
        var chrony = await ReadAsync(node, ["chronyc", "-c", "tracking"], ct);
        if (chrony.Exit == 0)
        {
            return OfChrony(chrony.Output) ?? throw new RecoverableException($"{node.Node.Name}: chrony is not synchronised: {CommandOutput.Tail(chrony.Output)}");
        }

        var timesync = await ReadAsync(node, ["timedatectl", "timesync-status"], ct);
        return timesync.Exit == 0 && OfTimesync(timesync.Output) is { } offset ? offset : await ComparedAsync(node, ct);
    }

    /// <summary>Fields of <c>tracking</c>: 5th the system clock's offset in seconds, last the leap status.</summary>
    internal static ClockOffset? OfChrony(string csv)
    {
        var fields = csv.Trim().Split(',');
        return fields.Length >= 14 && fields[^1] != "Not synchronised" && double.TryParse(fields[4], CultureInfo.InvariantCulture, out var seconds)
            ? new ClockOffset(TimeSpan.FromSeconds(Math.Abs(seconds)), "chrony")
            : null;
    }

    /// <summary>Its line <c>Offset: -1.234ms</c>; units us, ms, s.</summary>
    internal static ClockOffset? OfTimesync(string status)
    {
        var word = status.Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(line => line.StartsWith("Offset:", StringComparison.Ordinal))?["Offset:".Length..].Trim().TrimStart('+', '-');
        (string Unit, double Seconds)[] units = [("us", 1e-6), ("ms", 1e-3), ("s", 1)];
        var unit = word is null ? default : units.FirstOrDefault(u => word.EndsWith(u.Unit, StringComparison.Ordinal));
        return unit.Unit is not null && double.TryParse(word![..^unit.Unit.Length], CultureInfo.InvariantCulture, out var number)
            ? new ClockOffset(TimeSpan.FromSeconds(number * unit.Seconds), "systemd-timesyncd")
            : null;
    }

    /// <summary>The node's time against the bot's: known as well as half the way there and back.</summary>
    private static async Task<ClockOffset> ComparedAsync(Asked node, CancellationToken ct)
    {
        var asked = node.Time.GetUtcNow();
        var said = await ReadAsync(node, ["date", "+%s.%N"], ct);
        var answered = node.Time.GetUtcNow();
        if (said.Exit != 0 || !decimal.TryParse(said.Output.Trim(), CultureInfo.InvariantCulture, out var seconds))
        {
            throw new RecoverableException($"{node.Node.Name}: its time can not be read: {CommandOutput.Tail(said.Output)}");
        }

        var half = (answered - asked) / 2;
        var there = DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return new ClockOffset((there - (asked + half)).Duration() + half, ClockOffset.Own);
    }

    private static Task<CommandResult> ReadAsync(Asked node, ImmutableArray<string> argv, CancellationToken ct) =>
        NodeCommands.ReadAsync(node.Commands, node.Node, argv, Patience, ct);

    private sealed record Asked(ICommandChannel Commands, Node Node, TimeProvider Time);
}
