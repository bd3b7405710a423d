using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>Commands reach the node: by ssh, or by the door of a simulated one.</summary>
internal sealed class ReachCheck : INodeCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Id => "reach";

    // A machine that a provisioner makes need not be there yet.
    public bool Fits(Cluster cluster, Node node) => node.IsInRing || cluster.Provisioner is null;

    public NodeNeed NeedOf(Node node) => NodeNeed.Nothing;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            var said = await @case.Commands.RunAsync(node, new RemoteCommand(["date", "+%s"], Patience), null, ct);
            return said.Exit == 0 ? DoctorFinding.Ok(Id, node.Access is null ? "answers commands" : "ssh lets the bot in")
                : DoctorFinding.Broken(Id, $"a plain command ends with exit {said.Exit}", "log in by hand and look: the login shell must be a POSIX one, with date and timeout on its PATH");
        }
        catch (Exception no) when (no is ExchangeException or RefusedException)
        {
            return SshWords.Broken(Id, no.Message);
        }
    }
}
