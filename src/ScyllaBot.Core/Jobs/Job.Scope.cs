namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Nodes that are down by agreement (R23).</summary>
    public ImmutableSortedSet<string> KnownDown() =>
        (Birth.Scope?.KnownDown ?? []).Select(k => k.Name).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Down by us or by agreement: counted as down everywhere, and excepted from what everyone must see (R2, R23).</summary>
    public ImmutableSortedSet<string> Excepted() => KnownDown().Union(Held.Keys);
}
