using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Clusters.Import;

/// <summary>Hosts of one group of an Ansible inventory, INI or YAML: names, <c>ansible_host</c>, <c>ansible_user</c>. Ranges such as <c>node[1:3]</c> are expanded.</summary>
public static class AnsibleHosts
{
    private const int MostHosts = 5000;

    /// <param name="file">What errors call it; one that ends in .yml, .yaml or .json is read as YAML.</param>
    /// <param name="text">Whole.</param>
    /// <param name="group">Which group; <c>all</c> for every host.</param>
    public static ImportSource Read(string file, string text, string group)
    {
        var groups = new AnsibleGroups();
        var isYaml = file.EndsWith(".yml", StringComparison.Ordinal) || file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal);
        var errors = isYaml ? ReadYaml(file, text, groups) : ReadIni(file, text, groups);
        if (errors.IsEmpty && !groups.Knows(group))
        {
            errors = [$"{file}: there is no group {group}; there are {string.Join(", ", groups.Names)}"];
        }

        var hosts = errors.IsEmpty ? groups.HostsOf(group) : [];
        return hosts.Length > MostHosts
            ? new ImportSource([], [$"{file}: {hosts.Length} hosts in {group}; at most {MostHosts} are read"])
            : new ImportSource(hosts, errors);
    }

    private static ImmutableArray<string> ReadIni(string file, string text, AnsibleGroups groups)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var (section, kind) = ("ungrouped", "");
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                var parts = line[1..^1].Split(':', 2);
                (section, kind) = (parts[0].Trim(), parts.Length > 1 ? parts[1].Trim() : "");
                groups.Add(section);
                if (kind is not ("" or "vars" or "children"))
                {
                    errors.Add($"{file}:{number}: [{section}:{kind}] is unknown; there are [group], [group:vars] and [group:children]");
                }

                continue;
            }

            Take(groups, section, kind, line);
        }

        return errors.ToImmutable();
    }

    private static void Take(AnsibleGroups groups, string section, string kind, string line)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        switch (kind)
        {
            case "children":
                groups.AddChild(section, words[0]);
                break;
            case "vars" when line.Split('=', 2) is [var name, var value]:
                groups.SetOfGroup(section, name.Trim(), Unquoted(value.Trim()));
                break;
            case "":
                foreach (var host in Expanded(words[0]))
                {
                    groups.AddHost(section, host);
                    foreach (var pair in words.Skip(1).TakeWhile(w => w[0] != '#').Select(w => w.Split('=', 2)).Where(p => p.Length == 2))
                    {
                        groups.SetOfHost(host, pair[0], Unquoted(pair[1]));
                    }
                }

                break;
        }
    }

    private static ImmutableArray<string> ReadYaml(string file, string text, AnsibleGroups groups)
    {
        var errors = new FileErrors(file);
        if (YamlReader.ReadAny(text, errors) is { } root)
        {
            if (root is YamlMapping all)
            {
                foreach (var (_, name, body) in all.Pairs)
                {
                    Group(groups, name, body);
                }
            }
            else
            {
                errors.Add(root.At, "this is no Ansible inventory: it needs a mapping of groups");
            }
        }

        return [.. errors.InOrder().Select(e => e.ToString())];
    }

    private static void Group(AnsibleGroups groups, string name, YamlValue body)
    {
        groups.Add(name);
        if (body is not YamlMapping mapping)
        {
            return;
        }

        foreach (var (_, host, vars) in (mapping.Find("hosts") as YamlMapping)?.Pairs ?? [])
        {
            foreach (var one in Expanded(host))
            {
                groups.AddHost(name, one);
                Each(vars, (key, value) => groups.SetOfHost(one, key, value));
            }
        }

        Each(mapping.Find("vars"), (key, value) => groups.SetOfGroup(name, key, value));
        foreach (var (_, child, inner) in (mapping.Find("children") as YamlMapping)?.Pairs ?? [])
        {
            groups.AddChild(name, child);
            Group(groups, child, inner);
        }
    }

    private static void Each(YamlValue? vars, Action<string, string> take)
    {
        foreach (var (_, key, value) in (vars as YamlMapping)?.Pairs ?? [])
        {
            if (value is YamlScalar scalar)
            {
                take(key, scalar.Text);
            }
        }
    }

    /// <summary>node[01:12].example: both ends belong, leading zeros stay.</summary>
    private static IEnumerable<string> Expanded(string pattern)
    {
        var (open, close) = (pattern.IndexOf('[', StringComparison.Ordinal), pattern.IndexOf(']', StringComparison.Ordinal));
        if (open < 0 || close < open || pattern[(open + 1)..close].Split(':') is not [var from, var to]
            || !int.TryParse(from, System.Globalization.CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(to, System.Globalization.CultureInfo.InvariantCulture, out var last) || last - first is < 0 or > MostHosts)
        {
            return [pattern];
        }

        return Enumerable.Range(first, last - first + 1).SelectMany(i => Expanded(
            pattern[..open] + i.ToString(new string('0', from.Length), System.Globalization.CultureInfo.InvariantCulture) + pattern[(close + 1)..]));
    }

    private static string Unquoted(string value) =>
        value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1] : value;
}
