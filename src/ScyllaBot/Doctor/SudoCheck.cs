using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>The login may run as root what the bot runs as root, without a password.</summary>
internal sealed class SudoCheck : INodeCheck
{
    public string Id => "sudo";

    public bool Fits(Cluster cluster, Node node) => node.Access is not null && (node.IsInRing || cluster.Provisioner is null);

    public NodeNeed NeedOf(Node node) => NodeNeed.Reach;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            var what = node.Access!.Ssh.Helper ? @case.NodeSide!.ProgramPath : "/bin/bash";
            return await @case.NodeSide!.WhyNoRootAsync(node, ct) is { } why
                ? DoctorFinding.Broken(Id, $"sudo -n {what} does not work: {why}", "put the lines of ScyllaBot doctor --print-sudoers into a file of /etc/sudoers.d there (mode 0440, visudo -c)")
                : DoctorFinding.Ok(Id, $"may run {what}");
        }
        catch (Exception no) when (no is ExchangeException or RefusedException)
        {
            return SshWords.Broken(Id, no.Message);
        }
    }
}
