using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Enough of a file system is free: snapshots, upgrades and compactions need room, and a full node rejects writes (facts 7.33, 7.45).</summary>
[Tag("disk-free", "Disk has room")]
[Example("path: /var/lib/scylla\nmin_percent: 20")]
public sealed record DiskFree : INodeCondition
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <value>Default /var/lib/scylla.</value>
    [Description("Any path of the file system"), RegularExpression(NodeFiles.PathPattern)]
    public string Path { get; init; } = "/var/lib/scylla";

    /// <value>Default 15.</value>
    [Description("Least part that must be free, in percent"), Range(0.0, 100.0)]
    public double MinPercent { get; init; } = 15;

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var said = await NodeCommands.ReadAsync(context.Commands, context.Node, ["df", "-P", "-k", Path], Patience, ct);
        if (said.Exit != 0 || FreeOf(said.Output) is not { } free)
        {
            throw new RecoverableException($"{context.Node.Name}: df {Path}: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
        }

        context.Observe(new Reading($"free of {Path}", free, "%", $"df on {context.Node.Name}") { Bound = MinPercent });
        return free >= MinPercent ? null : FormattableString.Invariant($"{free:0.#} % of {Path} on {context.Node.Name} are free, less than {MinPercent:0.#} %");
    }

    /// <summary>What is available of what can be used at all, as df's own Capacity counts: reserved blocks are nobody's.</summary>
    internal static double? FreeOf(string output)
    {
        var fields = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault()?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return fields.Length >= 6
            && double.TryParse(fields[^4], CultureInfo.InvariantCulture, out var used) && double.TryParse(fields[^3], CultureInfo.InvariantCulture, out var free)
            && used + free > 0
            ? 100 * free / (used + free)
            : null;
    }
}
