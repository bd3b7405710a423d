using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>salt-api lets the bot in, and every node is a minion that answers.</summary>
internal sealed class SaltCheck : IClusterCheck
{
    public string Id => "salt";

    public bool Fits(Cluster cluster) => cluster.Salt is not null;

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct) =>
        AskedBeside.AskAsync(Id, "salt", cluster.Salt!.Url, async () =>
        {
            var (up, _) = await (await Salt.LoginAsync(cluster.Salt!, @case.Http, ct)).MinionsAsync(ct);
            var silent = cluster.Members.Where(n => !up.Contains(n.Labels.GetValueOrDefault("salt_minion", n.Name), StringComparer.Ordinal)).ToList();
            return silent.Count == 0 ? [DoctorFinding.Ok(Id, $"{up.Length} minions answer")]
                : silent.Select(n => DoctorFinding.Broken(Id, "no minion of that name answers", "start salt-minion there and accept its key, or give the node a label salt_minion with its minion's id") with { Node = n.Name });
        });
}
