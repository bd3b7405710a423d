namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Timers that `systemd-run --on-active` made: each runs its command once, unless it is stopped or the machine reboots first.</summary>
internal sealed class TransientTimers(SimNode node)
{
    private readonly Dictionary<string, Pending> _timers = new(StringComparer.Ordinal);

    /// <summary>Names of those that wait.</summary>
    public IEnumerable<string> Waiting => _timers.Where(timer => timer.Value.Waiting).Select(timer => timer.Key).Order(StringComparer.Ordinal);

    public bool IsActive(string unit) => _timers.TryGetValue(unit, out var timer) && timer.Waiting;

    /// <returns>False when one of that name waits already.</returns>
    public bool Arm(string unit, TimeSpan after, Action fires, Cause cause)
    {
        if (IsActive(unit))
        {
            return false;
        }

        node.Cluster.Record(node, "timer-armed", cause);
        _timers[unit] = node.Cluster.Agenda.After(after, () =>
        {
            _timers.Remove(unit);
            node.Cluster.Record(node, "timer-fired", cause);
            fires();
        });
        return true;
    }

    /// <returns>False when none of that name waits.</returns>
    public bool Stop(string unit, Cause cause)
    {
        if (!IsActive(unit))
        {
            return false;
        }

        _timers[unit].Cancel();
        _timers.Remove(unit);
        node.Cluster.Record(node, "timer-stopped", cause);
        return true;
    }

    public void Clear()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Cancel();
        }

        _timers.Clear();
    }
}
