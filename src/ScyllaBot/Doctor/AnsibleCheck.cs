using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>The runner lets the bot in, and has ansible-playbook, the folder and the inventory there.</summary>
internal sealed class AnsibleCheck : IClusterCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Id => "ansible";

    public bool Fits(Cluster cluster) => cluster.Ansible is not null;

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct)
    {
        var ansible = cluster.Ansible!;
        var runner = ansible.Host(cluster);
        try
        {
            var file = $"{ansible.Directory.TrimEnd('/')}/{ansible.InventoryFile}";
            return
            [
                (await @case.Commands.RunAsync(runner, new RemoteCommand(["ansible-playbook", "--version"], Patience), null, ct)).Exit != 0
                    ? DoctorFinding.Broken(Id, $"{ansible.Runner} has no ansible-playbook", "install Ansible there, or correct ansible.runner in the inventory")
                    : (await @case.Commands.RunAsync(runner, new RemoteCommand(["test", "-r", file], Patience), null, ct)).Exit != 0
                    ? DoctorFinding.Broken(Id, $"{ansible.Runner} has no {file} that the login can read", "correct ansible.directory and ansible.inventory")
                    : DoctorFinding.Ok(Id, $"{ansible.Runner} has ansible-playbook and {file}"),
            ];
        }
        catch (Exception no) when (no is ExchangeException or RefusedException)
        {
            var said = SshWords.Broken(Id, no.Message);
            return [said with { Seen = $"{ansible.Runner}: {said.Seen}" }];
        }
    }
}
