using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot.Doctor;

/// <summary>The node has this bot's own scyllabot-node.</summary>
internal sealed class NodeProgramCheck : INodeCheck
{
    public string Id => "scyllabot-node";

    public bool Fits(Cluster cluster, Node node) => node.Access is { Ssh.Helper: true } && (node.IsInRing || cluster.Provisioner is null);

    public NodeNeed NeedOf(Node node) => NodeNeed.Reach;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            var inspection = @case.NodeSide!;
            return await inspection.ProgramAsync(node, ct) switch
            {
                NodeProgramState.Current => DoctorFinding.Ok(Id, "this bot's own"),
                NodeProgramState.Other => DoctorFinding.Warning(
                    Id, $"{inspection.ProgramPath} is of another version, or was changed", "ScyllaBot nodes install INVENTORY, or your configuration management; docs/node-access.md"),
                _ => DoctorFinding.Broken(
                    Id, $"there is no {inspection.ProgramPath}", "ScyllaBot nodes install INVENTORY, with a login that may run anything by sudo, or your configuration management; docs/node-access.md"),
            };
        }
        catch (Exception no) when (no is ExchangeException or RefusedException)
        {
            return SshWords.Broken(Id, no.Message);
        }
    }
}
