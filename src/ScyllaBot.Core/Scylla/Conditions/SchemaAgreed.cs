using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>One schema version, and every node expected has it: a node that is down is simply missing from the answer (facts 1.6, 7.26).</summary>
[Tag("schema-agreed", "Schema is agreed")]
[Example("")]
public sealed record SchemaAgreed : IClusterCondition
{
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var witness = await Witness.OfAsync(context, ct);
        if (await context.Api(witness).SchemaVersionsAsync(ct) is not { } versions)
        {
            return $"{witness.Name} does not tell schema versions";
        }

        if (versions.TryGetValue("UNREACHABLE", out var mute))
        {
            return $"{witness.Name} can not reach {Names(context, mute)} about the schema";
        }

        if (versions.Count != 1)
        {
            return $"{versions.Count} schema versions: {string.Join("; ", versions.Select(v => $"{v.Key} on {Names(context, v.Value)}"))}";
        }

        var held = context.Held();
        var missing = (await Membership.NowAsync(context, ct)).Where(n => !held.Contains(n.Name) && !versions.Values.First().Contains(n.Address, StringComparer.Ordinal)).ToArray();
        return missing.Length == 0 ? null : $"{string.Join(", ", missing.Select(n => n.Name))} not among those that agree on the schema";
    }

    private static string Names(ClusterContext context, IEnumerable<string> addresses) =>
        string.Join(", ", addresses.Select(a => context.Cluster.FindByAddress(a)?.Name ?? a));
}
