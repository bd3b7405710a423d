using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>What a data directory must be.</summary>
public enum DataDirectory
{
    /// <summary>Of a member of the ring.</summary>
    Filled,

    /// <summary>Of a machine that is to join.</summary>
    Empty,
}

/// <summary>
/// Scylla's data directory holds data, or holds none: a member whose disk was lost must not start (facts 7.24), and one that is to join must
/// begin empty (facts 7.17).
/// </summary>
[Tag("data-directory-is", "Data directory is filled or empty")]
[Example("expected: filled")]
public sealed record DataDirectoryIs : INodeCondition
{
    [Description("What it must be")]
    public required DataDirectory Expected { get; init; }

    /// <value>Default /var/lib/scylla/data.</value>
    [Description("The directory"), RegularExpression(NodeFiles.PathPattern)]
    public string Path { get; init; } = "/var/lib/scylla/data";

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var names = await NodeFiles.NamesAsync(context, Path, ct);
        return (Expected, names) switch
        {
            (DataDirectory.Filled, null) => $"{context.Node.Name} has no {Path}",
            (DataDirectory.Filled, { Length: 0 }) => $"{Path} on {context.Node.Name} is empty: its data is gone, so it must be replaced, not started",
            (DataDirectory.Empty, { Length: > 0 }) => $"{Path} on {context.Node.Name} is not empty: {string.Join(", ", names.Value.Take(5))}",
            _ => null,
        };
    }
}
