using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>What must be well before something else of the same node can be looked at.</summary>
internal enum NodeNeed
{
    Nothing,

    /// <summary>Commands reach the node.</summary>
    Reach,
}

/// <summary>Looks at one thing of a node. The node's name is put in by whoever asks.</summary>
internal interface INodeCheck
{
    string Id { get; }

    bool Fits(Cluster cluster, Node node);

    NodeNeed NeedOf(Node node);

    Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct);
}
