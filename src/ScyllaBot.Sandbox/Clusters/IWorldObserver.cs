namespace ScyllaBot.Sandbox.Clusters;

/// <summary>Told of everything that happens, inside the agenda: be short, and do not wait.</summary>
internal interface IWorldObserver
{
    /// <summary>A node's state, or somebody's view of it, changed.</summary>
    void NodeChanged(SimNode node);

    /// <summary>Told before the change itself shows.</summary>
    void EffectRecorded(Effect effect);

    /// <summary><paramref name="what"/> is armed, bites or lifted; <paramref name="node"/> the one it is about, if known.</summary>
    void FaultTold(string what, Fault fault, string? node);
}
