using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Looks at one thing of a cluster. Findings may name a node; the cluster's name is put in by whoever asks.</summary>
internal interface IClusterCheck
{
    string Id { get; }

    /// <summary>Whether the inventory says anything that could be looked at.</summary>
    bool Fits(Cluster cluster);

    /// <param name="case">How to ask.</param>
    /// <param name="cluster">Whom.</param>
    /// <param name="nodes">What was found on its nodes before.</param>
    /// <param name="ct">Cancels.</param>
    Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct);
}
