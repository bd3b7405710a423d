namespace ScyllaBot.Core.Clusters.Import;

/// <summary>Groups, their hosts, children and variables; a host's own variable beats a group's, a child's beats its parent's.</summary>
internal sealed class AnsibleGroups
{
    private readonly SortedDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _hosts = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _groups.Keys.Prepend("all").Distinct(StringComparer.Ordinal);

    public bool Knows(string group) => group == "all" || _groups.ContainsKey(group);

    public void Add(string group) => Of(group);

    public void AddHost(string group, string host)
    {
        Of(group).Hosts.Add(host);
        _hosts.TryAdd(host, new SortedDictionary<string, string>(StringComparer.Ordinal));
    }

    public void AddChild(string group, string child)
    {
        Of(group).Children.Add(child);
        Add(child);
    }

    public void SetOfHost(string host, string name, string value) => _hosts[host][name] = value;

    public void SetOfGroup(string group, string name, string value) => Of(group).Vars[name] = value;

    public ImmutableArray<ImportHost> HostsOf(string group)
    {
        var names = group == "all" ? _hosts.Keys : Members(group, []);
        return [.. names.Distinct(StringComparer.Ordinal).Select(name => new ImportHost(
            name, Var(name, "ansible_host"), Var(name, "ansible_user"), Var(name, "scylla_cluster")))];
    }

    private IEnumerable<string> Members(string group, HashSet<string> seen) => !seen.Add(group) || !_groups.TryGetValue(group, out var own)
        ? []
        : own.Hosts.Concat(own.Children.SelectMany(child => Members(child, seen)));

    private string? Var(string host, string name)
    {
        if (_hosts[host].TryGetValue(name, out var own))
        {
            return own;
        }

        // The smallest group that has the host is the nearest to it.
        var holders = _groups.Where(g => g.Value.Vars.ContainsKey(name) && (g.Key == "all" || Members(g.Key, []).Contains(host, StringComparer.Ordinal)))
            .OrderBy(g => g.Key == "all" ? int.MaxValue : Members(g.Key, []).Count());
        return holders.Select(g => g.Value.Vars[name]).FirstOrDefault();
    }

    private Group Of(string name)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            _groups.Add(name, group = new Group([], [], new SortedDictionary<string, string>(StringComparer.Ordinal)));
        }

        return group;
    }

    private sealed record Group(List<string> Hosts, List<string> Children, SortedDictionary<string, string> Vars);
}
