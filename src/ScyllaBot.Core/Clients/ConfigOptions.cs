using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Options of the running Scylla: whether they are known, hold a value, and where their value came from.</summary>
internal static class ConfigOptions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Refuses names that the cluster's Scylla does not know: at a start they would only be warned of (facts 4.2). Where this node does not run, another one is asked.</summary>
    /// <exception cref="UnrecoverableException">Unknown, with the nearest name of the file.</exception>
    public static async Task KnownAsync(NodeContext node, IEnumerable<string> names, string yaml, CancellationToken ct)
    {
        foreach (var name in names)
        {
            if (!await IsKnownAsync(node, name, ct))
            {
                var nearest = Nearest.To(name, ScyllaYaml.KnownKeys(yaml).Where(key => key != name));
                throw new UnrecoverableException(
                    $"{node.Node.Name}: Scylla has no option {name}{(nearest is null ? "" : $"; did you mean {nearest}?")} Nothing was written");
            }
        }
    }

    /// <returns>Sentences about options that do not hold their value at the node; empty when all do.</returns>
    /// <exception cref="UnrecoverableException">One is unknown, or its value can not be compared.</exception>
    public static async Task<ImmutableArray<string>> DifferentAsync(NodeContext node, ImmutableArray<ConfigSetting> settings, CancellationToken ct)
    {
        var different = ImmutableArray.CreateBuilder<string>();
        foreach (var setting in settings)
        {
            var value = await node.Scylla.ConfigAsync(setting.Name, ct)
                ?? throw new UnrecoverableException($"{node.Node.Name}: Scylla has no option {setting.Name}");
            var equal = ScyllaYaml.Equal(setting.Value, value) ?? throw new UnrecoverableException(
                $"{node.Node.Name}: {setting.Name} is {value.ValueKind} at the node and can not be compared with {setting.Text}");
            if (!equal)
            {
                different.Add($"{setting.Name} is {Short(value)} on {node.Node.Name}, not {setting.Text}");
            }
        }

        return different.ToImmutable();
    }

    /// <summary>
    /// Name → <c>source</c> of <c>system.config</c>: default, config, cli, internal, cql or api. SIGHUP skips all but the first two (facts 4.3).
    /// Empty where CQL can not be asked without a password.
    /// </summary>
    public static async Task<ImmutableSortedDictionary<string, string>> SourcesAsync(NodeContext node, CancellationToken ct)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
        if (node.Cluster.Cql.Username is not null)
        {
            return none;
        }

        var said = await NodeCommands.ReadAsync(
            node.Commands, node.Node, ["cqlsh", "--no-color", node.Node.Address, "-e", "SELECT JSON name, source FROM system.config;"], Patience, ct);
        return said.Exit != 0 ? none : none.AddRange(said.Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith('{'))
            .Select(Row).OfType<KeyValuePair<string, string>>().DistinctBy(row => row.Key, StringComparer.Ordinal));
    }

    private static async Task<bool> IsKnownAsync(NodeContext node, string name, CancellationToken ct)
    {
        RecoverableException? silent = null;
        foreach (var other in node.Cluster.Nodes.OrderBy(n => n.Name != node.Node.Name))
        {
            try
            {
                return await node.Api(other).ConfigAsync(name, ct) is not null;
            }
            catch (RecoverableException notNow)
            {
                // It may be stopped for this very change: any node of the cluster knows the same names.
                silent = notNow;
            }
        }

        throw new RecoverableException($"no node of {node.Cluster.Name} could be asked for the option {name}", silent);
    }

    private static KeyValuePair<string, string>? Row(string json)
    {
        try
        {
            var row = JsonSerializer.Deserialize<JsonElement>(json);
            return KeyValuePair.Create(row.GetProperty("name").GetString()!, row.GetProperty("source").GetString()!);
        }
        catch (Exception odd) when (odd is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Short(JsonElement value) => Shortened.To(value.GetRawText(), 100);
}
