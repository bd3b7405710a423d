using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>In each datacenter the fullest and the emptiest node differ by no more than a share of the average (facts 2.1, 4.6).</summary>
[Tag("balanced", "Load is balanced")]
[Example("max_spread_percent: 30")]
public sealed record Balanced : IClusterCondition
{
    /// <value>Default 30.</value>
    [Description("Most that the fullest and the emptiest node of a datacenter may differ, in percent of the average"), Range(1, 1000)]
    public int MaxSpreadPercent { get; init; } = 30;

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var witness = await Witness.OfAsync(context, ct);
        var (loads, source) = await LoadsAsync(context, witness, ct);
        foreach (var dc in (await Membership.NowAsync(context, ct)).GroupBy(n => n.Zone.Datacenter, StringComparer.Ordinal))
        {
            if (dc.FirstOrDefault(n => !loads.ContainsKey(n.Name)) is { } unknown)
            {
                return $"{witness.Name} does not tell the load of {unknown.Name}";
            }

            var sorted = dc.OrderBy(n => loads[n.Name]).ToArray();
            var average = sorted.Average(n => loads[n.Name]);
            var spread = average > 0 ? 100 * (loads[sorted[^1].Name] - loads[sorted[0].Name]) / average : 0;
            context.Observe(new Reading($"spread of load in {dc.Key}", spread, "%", source) { Bound = MaxSpreadPercent });
            if (spread > MaxSpreadPercent)
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"{sorted[^1].Name} has {loads[sorted[^1].Name] / 1e9:0.#} GB and {sorted[0].Name} {loads[sorted[0].Name] / 1e9:0.#} GB: {spread:0} % of the average, more than {MaxSpreadPercent} %");
            }
        }

        return null;
    }

    private static async Task<(ImmutableSortedDictionary<string, double> Loads, string Source)> LoadsAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        var loads = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        if (await TopologyView.DisksAsync(context, witness, ct) is { } disks)
        {
            foreach (var node in context.Cluster.Members)
            {
                if (disks.FirstOrDefault(d => d.HostId == node.HostId) is { } disk)
                {
                    loads[node.Name] = disk.Load;
                }
            }

            return (loads.ToImmutable(), "system.load_per_node");
        }

        foreach (var (address, bytes) in await context.Api(witness).LoadMapAsync(ct))
        {
            if (context.Cluster.FindByAddress(address) is { } node)
            {
                loads[node.Name] = bytes;
            }
        }

        return (loads.ToImmutable(), $"load_map of {witness.Name}");
    }
}
