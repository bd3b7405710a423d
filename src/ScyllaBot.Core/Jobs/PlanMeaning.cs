namespace ScyllaBot.Core.Jobs;

/// <summary>What was meant when a plan was made (R15): who is in the ring, where, in which version, how data is replicated, what is exempt. Not liveness, load or placement.</summary>
public sealed record PlanMeaning
{
    /// <summary>Host id → address, of every member.</summary>
    public required ImmutableSortedDictionary<string, string> Ring { get; init; }

    /// <summary>Target → dc/rack as the ring says.</summary>
    public required ImmutableSortedDictionary<string, string> Zones { get; init; }

    /// <summary>Target → version; a node that could not be asked is not in it.</summary>
    public required ImmutableSortedDictionary<string, string> Versions { get; init; }

    /// <summary>Keyspace → its replication.</summary>
    public required ImmutableSortedDictionary<string, string> Replication { get; init; }

    /// <summary>Exemptions and the levels that are judged, a line each.</summary>
    public required ImmutableArray<string> Policy { get; init; }
}

/// <summary>What differs between what was meant and what is there.</summary>
/// <param name="Gone">Nodes of the plan that are no longer in the ring.</param>
/// <param name="Strangers">Addresses that now belong to another machine, a sentence each: nothing may go on.</param>
/// <param name="Differences">All of it, a sentence each.</param>
public sealed record PlanDifference(ImmutableArray<string> Gone, ImmutableArray<string> Strangers, ImmutableArray<string> Differences)
{
    public bool IsEmpty => Differences.IsEmpty;

    public override string ToString() => string.Join("; ", Differences);
}

/// <summary>Compares what was meant with what is there. What the job itself has changed is applied to the expectation first (R15). Pure.</summary>
internal static class PlanComparison
{
    /// <param name="then">What was meant.</param>
    /// <param name="now">What is there.</param>
    /// <param name="nameOf">Host id → the node's name in the inventory; null when it has none there.</param>
    /// <param name="own">Nodes whose membership this job changes, or has been told to leave alone: they may come and go.</param>
    /// <param name="touched">Nodes this job has begun with: their version is its own doing.</param>
    public static PlanDifference Of(
        PlanMeaning then, PlanMeaning now, Func<string, string, string?> nameOf, IReadOnlySet<string> own, IReadOnlySet<string> touched)
    {
        var (gone, strangers, all) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        foreach (var (id, address) in then.Ring.Where(r => !now.Ring.ContainsKey(r.Key)))
        {
            var name = nameOf(id, address) ?? address;
            if (own.Contains(name))
            {
                continue;
            }

            if (now.Ring.FirstOrDefault(r => r.Value == address).Key is { } other)
            {
                strangers.Add($"{name}: {address} now has host id {other}, it had {id}; another machine has its address");
                all.Add(strangers[^1]);
            }
            else
            {
                gone.Add(name);
                all.Add($"{name} ({id}) is gone from the ring");
            }
        }

        all.AddRange(now.Ring.Where(r => !then.Ring.ContainsKey(r.Key) && !then.Ring.Any(t => t.Value == r.Value) && !own.Contains(nameOf(r.Key, r.Value) ?? r.Value))
            .Select(r => $"{nameOf(r.Key, r.Value) ?? r.Value} ({r.Key}) is new in the ring; this job never touches it"));
        all.AddRange(Changed(then.Zones, now.Zones, n => own.Contains(n), (n, was, has) => $"{n} was in zone {was} and is in {has}"));
        all.AddRange(Changed(then.Versions, now.Versions, n => touched.Contains(n), (n, was, has) => $"{n} ran {was} and runs {has}, and not by this job"));
        all.AddRange(Changed(then.Replication, now.Replication, _ => false, (k, was, has) => $"keyspace {k} was replicated by {was}, now by {has}"));
        all.AddRange(then.Replication.Keys.Except(now.Replication.Keys, StringComparer.Ordinal).Select(k => $"keyspace {k} is gone"));
        all.AddRange(now.Replication.Keys.Except(then.Replication.Keys, StringComparer.Ordinal).Select(k => $"keyspace {k} is new"));
        all.AddRange(now.Policy.Except(then.Policy, StringComparer.Ordinal).Select(p => $"new in the inventory's policy: {p}"));
        all.AddRange(then.Policy.Except(now.Policy, StringComparer.Ordinal).Select(p => $"no longer in the inventory's policy: {p}"));
        return new PlanDifference(gone.ToImmutable(), strangers.ToImmutable(), all.ToImmutable());
    }

    private static IEnumerable<string> Changed(
        ImmutableSortedDictionary<string, string> then, ImmutableSortedDictionary<string, string> now, Func<string, bool> isOwn, Func<string, string, string, string> say) =>
        then.Where(t => !isOwn(t.Key) && now.TryGetValue(t.Key, out var has) && has != t.Value).Select(t => say(t.Key, t.Value, now[t.Key]));
}
