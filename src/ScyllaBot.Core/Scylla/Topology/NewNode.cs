using System.Text.RegularExpressions;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>What a machine that is to join must have in common with those that are there (facts 4.6, 7.18, 7.20).</summary>
internal static partial class NewNode
{
    public const string RackPath = "/etc/scylla/cassandra-rackdc.properties";

    /// <summary>All members of one ring must say the same.</summary>
    private static readonly ImmutableArray<string> Shared =
        ["cluster_name", "endpoint_snitch", "authenticator", "authorizer", "partitioner", "num_tokens", "server_encryption_options", "tablets_mode_for_new_keyspaces"];

    private const string Loopback = "127.0.0.1";

    /// <summary>What a package's own scylla.yaml says.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Shipped = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
        .Add("cluster_name", "Test Cluster").Add("num_tokens", "256").Add("endpoint_snitch", "SimpleSnitch").Add("listen_address", "localhost");

    /// <summary>A member that serves: of the same datacenter where there is one.</summary>
    /// <exception cref="RecoverableException">None serves now.</exception>
    public static async Task<Node> PeerAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        return snapshot.Witnesses.Where(v => v.Node.Name != context.Node.Name)
                .OrderByDescending(v => v.Node.Zone == context.Node.Zone).ThenByDescending(v => v.Node.Zone.Datacenter == context.Node.Zone.Datacenter)
                .Select(v => v.Node).FirstOrDefault()
            ?? throw new RecoverableException($"no member of {context.Cluster.Name} serves that {context.Node.Name} could be compared with");
    }

    /// <exception cref="UnrecoverableException">Some member knows it, by its address or its host id.</exception>
    public static async Task RefuseMemberAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        var node = snapshot.Of(context.Node).Node;
        if (snapshot.Members.FirstOrDefault(v => v.Node.Name != node.Name && v.HostIds is { } ids && (ids.ContainsKey(node.Address) || (node.IsInRing && ids.ContainsValue(node.HostId)))) is { } witness)
        {
            throw new UnrecoverableException($"{witness.Node.Name} knows {node.Name} ({node.Address}) as a member of the ring already");
        }
    }

    /// <returns>What does not fit; none where everything does.</returns>
    public static async Task<ImmutableArray<string>> WhyNotFittingAsync(NodeContext context, Node peer, bool mustBeComplete, CancellationToken ct)
    {
        var node = context.Node;
        var theirs = await YamlAsync(context with { Node = peer }, ct) ?? throw new RecoverableException($"{peer.Name} has no {ScyllaYaml.Path} to compare with");
        var wrong = ImmutableArray.CreateBuilder<string>();
        if (await YamlAsync(context, ct) is { } own)
        {
            // What is as a fresh package has it is not wrong, as long as somebody is still to set it.
            wrong.AddRange(Shared.Where(key => !Same(own.Find(key), theirs.Find(key)) && (mustBeComplete || !IsUntouched(key, own.Find(key))))
                .Select(key => $"{key} is {Text(own.Find(key))} here and {Text(theirs.Find(key))} there"));
            wrong.AddRange(WhySeedsNot(context, SeedsOf(own), mustBeComplete));
            wrong.AddRange(new[] { "listen_address", "broadcast_address" }.Where(key => own.Find(key) is YamlScalar { IsEmpty: false } set && set.Text != node.Address && (mustBeComplete || !IsUntouched(key, set)))
                .Select(key => $"{key} is {Text(own.Find(key))}, and the inventory says {node.Address}"));
            if (own.Find("auto_bootstrap") is YamlScalar { Text: "false" })
            {
                wrong.Add("auto_bootstrap is false: it would join without data");
            }
        }
        else if (mustBeComplete)
        {
            wrong.Add($"there is no {ScyllaYaml.Path}");
        }

        if (await ZoneAsync(context, ct) is { } zone ? zone != node.Zone : mustBeComplete)
        {
            wrong.Add($"{RackPath} says {(await ZoneAsync(context, ct))?.ToString() ?? "nothing"}, and the inventory {node.Zone}: it can not be changed after the first start");
        }

        return wrong.ToImmutable();
    }

    /// <summary>What <c>seeds</c> says, one by one.</summary>
    public static ImmutableArray<string> SeedsOf(YamlMapping yaml) => yaml.Find("seed_provider") is { } provider
        ? [.. Scalars(provider, "seeds").SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))] : [];

    public static async Task<YamlMapping?> YamlAsync(NodeContext context, CancellationToken ct) =>
        await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct) is { } text ? ScyllaYaml.Parse(text, $"{ScyllaYaml.Path} of {context.Node.Name}") : null;

    /// <summary>With itself among its seeds it begins a cluster of its own under the same name (facts 7.18).</summary>
    private static IEnumerable<string> WhySeedsNot(NodeContext context, ImmutableArray<string> seeds, bool mustBeComplete)
    {
        if (seeds.Contains(context.Node.Address, StringComparer.Ordinal) || seeds.Contains(context.Node.Name, StringComparer.Ordinal))
        {
            yield return "it names itself as a seed: it would begin a cluster of its own";
        }
        else if (seeds.Length > 0 && (mustBeComplete || seeds is not [Loopback])
            && !context.Cluster.Members.Any(m => seeds.Contains(m.Address, StringComparer.Ordinal) || seeds.Contains(m.Name, StringComparer.Ordinal)))
        {
            yield return $"its seeds ({string.Join(", ", seeds.Take(5))}) are no members of the ring";
        }
        else if (seeds.IsEmpty && mustBeComplete)
        {
            yield return "it names no seeds";
        }
    }

    private static async Task<Zone?> ZoneAsync(NodeContext context, CancellationToken ct)
    {
        var text = await NodeFiles.ReadAsync(context, RackPath, ct) ?? "";
        return (Property().Matches(text).LastOrDefault(m => m.Groups["key"].Value == "dc"), Property().Matches(text).LastOrDefault(m => m.Groups["key"].Value == "rack")) is ({ } dc, { } rack)
            ? new Zone(dc.Groups["value"].Value, rack.Groups["value"].Value) : null;
    }

    private static IEnumerable<string> Scalars(YamlValue value, string key) => value switch
    {
        YamlMapping map => map.Pairs.SelectMany(p => p.Key == key && p.Value is YamlScalar scalar ? [scalar.Text] : Scalars(p.Value, key)),
        YamlSequence list => list.Items.SelectMany(item => Scalars(item, key)),
        _ => [],
    };

    private static bool IsUntouched(string key, YamlValue? value) => value is null
        || (value is YamlScalar scalar && Shipped.TryGetValue(key, out var shipped) && string.Equals(scalar.Text, shipped, StringComparison.Ordinal));

    private static bool Same(YamlValue? a, YamlValue? b) => (a, b) switch
    {
        (null, null) => true,
        (YamlScalar x, YamlScalar y) => string.Equals(x.Text, y.Text, StringComparison.OrdinalIgnoreCase),
        (YamlSequence x, YamlSequence y) => x.Items.Length == y.Items.Length && x.Items.Zip(y.Items).All(p => Same(p.First, p.Second)),
        (YamlMapping x, YamlMapping y) => x.Pairs.Length == y.Pairs.Length && x.Pairs.All(p => Same(p.Value, y.Find(p.Key))),
        _ => false,
    };

    private static string Text(YamlValue? value) => value switch
    {
        YamlScalar scalar => $"'{Shortened.To(scalar.Text, 60)}'",
        null => "not set",
        _ => "a structure",
    };

    [GeneratedRegex(@"^\s*(?<key>dc|rack)\s*=\s*(?<value>[^\s#]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Property();
}
