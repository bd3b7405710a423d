using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Doctor;

/// <summary>cqlsh works on the node: proofs of availability read system tables with it.</summary>
internal sealed class CqlCheck : INodeCheck
{
    public string Id => "cql";

    public bool Fits(Cluster cluster, Node node) => node.IsInRing;

    public NodeNeed NeedOf(Node node) => NodeNeed.Reach;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            return await Cqlsh.SelectAsync(@case.Commands, node, cluster.Cql, "keyspace_name", "system_schema.keyspaces", ct) switch
            {
                CqlAnswer.Rows => DoctorFinding.Ok(Id, "cqlsh reads system tables"),
                CqlAnswer.Unusable no => Unusable(node, no.Why),
                CqlAnswer.NotThere no => DoctorFinding.Broken(Id, $"no system_schema.keyspaces: {no.Why}", "look whether it is Scylla that answers there"),
                _ => DoctorFinding.Broken(Id, "an answer nobody knows", "report this"),
            };
        }
        catch (Exception broken) when (broken is RecoverableException or UnrecoverableException)
        {
            return DoctorFinding.Broken(Id, Plain(node, broken.Message), "run cqlsh there by hand as the bot's login");
        }
    }

    private DoctorFinding Unusable(Node node, string why) => DoctorFinding.Broken(Id, Plain(node, why), why switch
    {
        _ when why.Contains("AuthenticationFailed", StringComparison.Ordinal) || why.Contains("credentials", StringComparison.OrdinalIgnoreCase)
            || why.Contains("requires authentication", StringComparison.OrdinalIgnoreCase) => "set cql: {username, password} of the cluster to a role that may read system tables",
        _ when why.Contains("not found", StringComparison.Ordinal) || why.Contains("127", StringComparison.Ordinal) => "install scylla-cqlsh on the node",
        _ => "look whether the node serves CQL (nodetool statusbinary), and run cqlsh there by hand as the bot's login",
    });

    // Equal findings of many nodes are told together, so their names and addresses stay out.
    private static string Plain(Node node, string why) =>
        why.Replace($"{node.Name}: ", "", StringComparison.Ordinal).Replace(node.Address, "the node", StringComparison.Ordinal);
}
