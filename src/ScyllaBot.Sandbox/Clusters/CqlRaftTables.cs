using System.Collections.Immutable;
using static ScyllaBot.Sandbox.Clusters.CqlTable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>group0 as its members keep it (facts/scylla.md 2.1): the present configuration; a former one only while it changes.</summary>
internal static class CqlRaftTables
{
    public static CqlTable State(SimCluster cluster) => new(
        ["group_id", "disposition", "server_id", "can_vote"],
        [
            .. cluster.Raft.Voters.Select(voter => Member(cluster, voter, votes: true)),
            .. cluster.Nodes.Except(cluster.Raft.Voters).Select(node => Member(cluster, node, votes: false)),
        ]);

    public static CqlTable Local(SimCluster cluster) => new(["key", "value"], [[Quote("raft_group0_id"), Quote(Group0(cluster))]]);

    private static string Group0(SimCluster cluster) => cluster.Dice.Uuid(cluster.Name + "/group0").ToString();

    private static ImmutableArray<string> Member(SimCluster cluster, SimNode node, bool votes) =>
        [Quote(Group0(cluster)), Quote("CURRENT"), Quote(node.Id.HostId.ToString()), Truth(votes)];
}
