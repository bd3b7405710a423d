using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Which Scylla each node runs, up to the first dash (facts 7.29).</summary>
internal static class RunningVersions
{
    /// <summary>Held nodes are left out: they are being moved right now.</summary>
    /// <returns>Version → names of the nodes that run it.</returns>
    /// <exception cref="RecoverableException">A node does not tell.</exception>
    public static async Task<ILookup<string, string>> ReadAsync(ClusterContext context, CancellationToken ct)
    {
        var held = context.Held();
        var nodes = context.Cluster.Nodes.Where(n => !held.Contains(n.Name) && n.HostId != Guid.Empty).ToArray();
        var versions = await Task.WhenAll(nodes.Select(async n => (n.Name, Version: (await context.Api(n).VersionAsync(ct)).Split('-')[0])));
        return versions.ToLookup(n => n.Version, n => n.Name, StringComparer.Ordinal);
    }

    public static string Text(ILookup<string, string> versions) =>
        string.Join("; ", versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key} on {string.Join(", ", v.Take(5))}{(v.Skip(5).Any() ? " …" : "")}"));
}
