using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Clusters.Import;

/// <summary>
/// Prometheus file_sd, as <c>scylla_servers.yml</c> of Scylla's monitoring is one (facts 2.2): a list of <c>targets</c> with <c>labels</c>.
/// YAML or JSON, which is YAML too.
/// </summary>
public static class ScrapeTargets
{
    public static ImportSource Read(string file, string text)
    {
        var errors = new FileErrors(file);
        var hosts = ImmutableArray.CreateBuilder<ImportHost>();
        switch (YamlReader.ReadAny(text, errors))
        {
            case null:
                break;
            case YamlSequence groups:
                foreach (var group in groups.Items)
                {
                    Add(group, hosts, errors);
                }

                break;
            case var other:
                errors.Add(other.At, "this is no file_sd: it needs a list of `targets` with `labels`");
                break;
        }

        return new ImportSource(hosts.ToImmutable(), [.. errors.InOrder().Select(e => e.ToString())]);
    }

    private static void Add(YamlValue group, ImmutableArray<ImportHost>.Builder hosts, FileErrors errors)
    {
        if (group is not YamlMapping mapping || mapping.Find("targets") is not YamlSequence targets)
        {
            errors.Add(group.At, "each entry needs `targets`, a list of addresses");
            return;
        }

        var labels = mapping.Find("labels") as YamlMapping;
        var cluster = (labels?.Find("cluster") as YamlScalar)?.Text;
        foreach (var target in targets.Items)
        {
            if (target is YamlScalar { Text: { Length: > 0 } address })
            {
                var bare = WithoutPort(address);
                hosts.Add(new ImportHost(bare, bare, null, cluster));
            }
            else
            {
                errors.Add(target.At, "a target is an address, with or without a port");
            }
        }
    }

    /// <summary>10.0.0.1:9180, [::1]:9180 and bare addresses of both kinds.</summary>
    private static string WithoutPort(string target)
    {
        if (target.StartsWith('['))
        {
            var end = target.IndexOf(']', StringComparison.Ordinal);
            return end > 0 ? target[1..end] : target;
        }

        var colon = target.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon == target.LastIndexOf(':') ? target[..colon] : target;
    }
}
