namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The machine's Debian packages: what is installed, what is held, what its repository offers.</summary>
internal sealed class PackageStore(SimNode node)
{
    /// <summary>What every node runs before anybody upgrades it; a package's version is it and a revision.</summary>
    public const string ScyllaFound = "2026.2.5-0.20260816.0123abcdef12";

    private const string Newer = "2026.2.6-0.20260901.fedcba987654-1";

    /// <summary>The feature release after it, and the one after that.</summary>
    private static readonly string[] _next = ["2026.3.0-0.20261001.aaaabbbbcccc-1", "2026.4.0-0.20270101.ddddeeeeffff-1"];

    private static readonly string[] _family = ["scylla", "scylla-conf", "scylla-kernel-conf", "scylla-node-exporter", "scylla-python3", "scylla-server"];

    private readonly SortedDictionary<string, string> _installed = new(
        _family.ToDictionary(name => name, _ => ScyllaFound + "-1", StringComparer.Ordinal), StringComparer.Ordinal)
    {
        ["chrony"] = "4.3-2+deb12u1",
        ["scylla-manager-agent"] = "3.5.0-0.20250615.1d3e3a6d8e-1",
    };

    private readonly SortedSet<string> _held = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string[]> _offered = new(StringComparer.Ordinal)
    {
        ["chrony"] = ["4.3-2+deb12u1"],
        ["scylla-manager-agent"] = ["3.5.0-0.20250615.1d3e3a6d8e-1", "3.5.1-0.20250801.77aa0b1c2d-1"],
    };

    /// <summary>The version of scylla's own program, as it will call itself.</summary>
    public string Scylla => _installed["scylla-server"] is var version && version.LastIndexOf('-') is > 0 and var at ? version[..at] : version;

    public IEnumerable<string> Held => _held;

    public IEnumerable<KeyValuePair<string, string>> AllInstalled => _installed;

    /// <summary>What somebody else has installed: no effect of this simulation.</summary>
    public void Find(string package, string version) => _installed[package] = version;

    public string? Installed(string package) => _installed.GetValueOrDefault(package);

    public void Hold(string package, bool on, Cause cause)
    {
        if (on ? _held.Add(package) : _held.Remove(package))
        {
            node.Cluster.Record(node, on ? $"hold {package}" : $"unhold {package}", cause);
        }
    }

    /// <summary>`apt-get -y install name=version …`. scylla's packages depend on each other's exact version, so they move together.</summary>
    public CommandResult Install(IReadOnlyList<string> wanted, bool downgrades, bool changesHeld, Cause cause)
    {
        var moves = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var words in wanted.Select(word => word.Split('=', 2)))
        {
            if (!Offered(words[0]).Contains(words.ElementAtOrDefault(1) ?? Offered(words[0]).LastOrDefault(), StringComparer.Ordinal))
            {
                return new CommandResult(100, words.Length == 1 || Offered(words[0]).Length == 0
                    ? $"E: Unable to locate package {words[0]}" : $"E: Version '{words[1]}' for '{words[0]}' was not found");
            }

            foreach (var name in words[0] is "scylla" ? _family : [words[0]])
            {
                moves[name] = words.ElementAtOrDefault(1) ?? Offered(name)[^1];
            }
        }

        var changed = moves.Where(move => !string.Equals(Installed(move.Key), move.Value, StringComparison.Ordinal)).ToArray();
        if (!changesHeld && changed.Any(move => _held.Contains(move.Key)))
        {
            return new CommandResult(100, "E: Held packages were changed and -y was used without --allow-change-held-packages.");
        }

        if (!downgrades && changed.Any(move => string.CompareOrdinal(Installed(move.Key), move.Value) > 0))
        {
            return new CommandResult(100, "E: Packages were downgraded and -y was used without --allow-downgrades.");
        }

        foreach (var (name, version) in changed)
        {
            _installed[name] = version;
            node.Cluster.Record(node, $"install {name}", cause);
        }

        return new CommandResult(0, string.Join('\n', changed.Select(move => $"Setting up {move.Key} ({move.Value}) ...")));
    }

    private string[] Offered(string package) =>
        _family.Contains(package, StringComparer.Ordinal) ? [ScyllaFound + "-1", Newer, .. _next] : _offered.GetValueOrDefault(package, []);
}
