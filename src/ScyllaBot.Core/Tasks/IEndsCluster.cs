namespace ScyllaBot.Core.Tasks;

/// <summary>From its first start on the cluster is meant to go: that its nodes do is no reason to hold (R6).</summary>
public interface IEndsCluster;
