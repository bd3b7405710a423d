namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Which units start at boot, and the units besides scylla's own: on or off, with no behaviour of their own.</summary>
internal sealed class MachineUnits(SimNode node)
{
    private readonly SortedDictionary<string, bool> _companions = new(StringComparer.Ordinal)
    {
        ["scylla-manager-agent.service"] = true,
        ["scylla-node-exporter.service"] = true,
        ["scylla-housekeeping-daily.timer"] = true,
        ["scylla-housekeeping-restart.timer"] = true,
        ["scylla-fstrim.timer"] = true,
    };

    private readonly SortedSet<string> _disabled = new(StringComparer.Ordinal);

    public IEnumerable<string> On => _companions.Where(unit => unit.Value).Select(unit => unit.Key);

    public IEnumerable<string> Disabled => _disabled;

    public static string FullName(string unit) => unit.Contains('.', StringComparison.Ordinal) ? unit : unit + ".service";

    public bool IsKnown(string unit) => string.Equals(unit, ScyllaUnit.Name, StringComparison.Ordinal) || _companions.ContainsKey(unit);

    public bool IsOn(string unit) => _companions.GetValueOrDefault(unit);

    public bool IsEnabled(string unit) => !_disabled.Contains(unit);

    public void Turn(string unit, bool on, Cause cause)
    {
        if (_companions[unit] != on)
        {
            _companions[unit] = on;
            node.Cluster.Record(node, on ? "unit-start" : "unit-stop", cause);
        }
    }

    public void Restart(string unit, Cause cause)
    {
        _companions[unit] = true;
        node.Cluster.Record(node, "unit-restart", cause);
    }

    public void Enable(string unit, bool on, Cause cause)
    {
        if (on ? _disabled.Remove(unit) : _disabled.Add(unit))
        {
            node.Cluster.Record(node, on ? "enable" : "disable", cause);
        }
    }

    /// <summary>After a boot what is enabled runs, and nothing else.</summary>
    public void Booted()
    {
        foreach (var unit in _companions.Keys.ToArray())
        {
            _companions[unit] = IsEnabled(unit);
        }
    }
}
