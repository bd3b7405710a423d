using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>The runner lets the bot in and has the executable that makes machines. It is not called.</summary>
internal sealed class ProvisionerCheck : IClusterCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Id => "provisioner";

    public bool Fits(Cluster cluster) => cluster.Provisioner is not null;

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct)
    {
        var program = cluster.Provisioner!;
        try
        {
            return
            [
                (await @case.Commands.RunAsync(program.Host(cluster), new RemoteCommand(["test", "-x", program.Program], Patience), null, ct)).Exit != 0
                    ? DoctorFinding.Broken(Id, $"{program.Runner} has no executable {program.Program}", "put it there (docs/shadow-cluster.md), root's alone, and list it in /etc/scyllabot/provisioners")
                    : DoctorFinding.Ok(Id, $"{program.Runner} has {program.Program}"),
            ];
        }
        catch (Exception no) when (no is ExchangeException or RefusedException)
        {
            var said = SshWords.Broken(Id, no.Message);
            return [said with { Seen = $"{program.Runner}: {said.Seen}" }];
        }
    }
}
