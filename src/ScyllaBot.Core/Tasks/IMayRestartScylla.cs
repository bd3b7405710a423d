namespace ScyllaBot.Core.Tasks;

/// <summary>A task that takes the node down unless the workflow says <c>restarts_scylla: false</c>; then a restart nobody asked for is unrecoverable (R1).</summary>
public interface IMayRestartScylla
{
    bool RestartsScylla { get; }
}
