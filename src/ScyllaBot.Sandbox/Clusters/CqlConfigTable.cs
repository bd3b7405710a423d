using System.Text.Json;
using static ScyllaBot.Sandbox.Clusters.CqlTable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>`system.config` of one node: each option with where its value came from (facts/scylla.md 2.1, 4.3).</summary>
internal static class CqlConfigTable
{
    public static CqlTable Config(SimNode node) => new(
        ["name", "source", "type", "value"],
        [
            .. ConfigOption.All.Select(option => (System.Collections.Immutable.ImmutableArray<string>)
            [
                Quote(option.Name),
                Quote(node.Machine.Config.Source(option.Name)),
                Quote(option.Type.ToString().ToLowerInvariant()),
                JsonSerializer.Serialize(node.Machine.Config.Value(option.Name)),
            ]),
        ]);
}
