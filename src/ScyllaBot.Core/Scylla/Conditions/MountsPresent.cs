using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>File systems are mounted where they belong, and can be written: a Scylla that starts without its disk begins as an empty node (facts 7.24).</summary>
[Tag("mounts-present", "File systems are mounted")]
[Example("paths: [/var/lib/scylla]")]
public sealed record MountsPresent : INodeCondition
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <value>Default /var/lib/scylla.</value>
    [Description("Mount points"), MinLength(1), RegularExpression(NodeFiles.PathPattern)]
    public IReadOnlyList<string> Paths { get; init; } = ["/var/lib/scylla"];

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        foreach (var path in Paths)
        {
            var found = await NodeCommands.ReadAsync(
                context.Commands, context.Node, ["findmnt", "--noheadings", "--output", "FSTYPE,OPTIONS", "--mountpoint", path], Patience, ct);
            if (found.Exit is not (0 or 1))
            {
                throw new RecoverableException($"{context.Node.Name}: findmnt {path}: exit {found.Exit}: {CommandOutput.Tail(found.Output)}");
            }

            // Several on one mount point: the last one is on top.
            var options = found.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .LastOrDefault()?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            if (found.Exit == 1 || options is null)
            {
                return $"nothing is mounted at {path} on {context.Node.Name}";
            }

            if (!options.Split(',').Contains("rw", StringComparer.Ordinal))
            {
                return $"{path} on {context.Node.Name} can not be written: {options}";
            }
        }

        return null;
    }
}
