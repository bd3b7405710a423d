using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Tasks;

/// <summary>A task or condition that some clusters must never see: told at the plan, before anybody approves, and again before each attempt.</summary>
public interface IRefusesClusters
{
    /// <returns>A sentence; null where it may be used.</returns>
    string? WhyNever(Cluster cluster, Inventory inventory);
}
