using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>What the words of <c>ssh</c> mean, and what helps.</summary>
internal static class SshWords
{
    // The first that fits. What ssh says is matched where the transport has not told it apart already.
    private static readonly (string Says, string Seen, string Remedy)[] Known =
    [
        ("host key is not the one on record", "its ssh host key is not the one on record; nothing was sent",
            "if the machine was made anew, ssh-keygen -R HOST and collect its key again over a network you trust; if not, find out who answers there"),
        ("host key is not known", "its ssh host key is not known; nothing was sent",
            "collect it (ssh-keyscan HOST >> ~/.ssh/known_hosts, over a network you trust), or trust a host CA in known_hosts"),
        ("Permission denied", "ssh: permission denied", "put the bot's public key into the login's authorized_keys there; look which key and user ssh_config gives (ssh -G HOST)"),
        ("Too many authentication failures", "ssh: too many authentication failures", "name the one key in ssh_config: IdentityFile and IdentitiesOnly yes"),
        ("Could not resolve hostname", "ssh: its name can not be resolved", "set ssh_host in the inventory to a name or address that this host resolves, or a Host block in ssh_config"),
        ("Connection refused", "ssh: connection refused", "start sshd there, or give its port in ssh_config"),
        ("No route to host", "ssh: no route to host", "look whether the machine is up, and at routes and firewalls between"),
        ("Network is unreachable", "ssh: the network is unreachable", "look at the routes of this host"),
        ("timed out", "ssh: no answer", "look whether the machine is up, and whether a firewall drops the port"),
        ("no connection within", "ssh: no connection in time", "look whether the machine is up, at jump hosts, and whether a firewall drops the port"),
        ("no end within", "it lets the bot in, and a plain command does not end", "log in by hand and look at the machine's load and its login shell"),
        ("can not be started", "ssh itself can not be started here", "install the OpenSSH client on this host (openssh-client)"),
        ("the machine is down", "the machine is down", "start it"),
    ];

    public static DoctorFinding Broken(string check, string says)
    {
        var (_, seen, remedy) = Array.Find(Known, k => says.Contains(k.Says, StringComparison.OrdinalIgnoreCase));
        return seen is null
            ? DoctorFinding.Broken(check, says, "try it by hand as the user the bot runs as: ssh -o BatchMode=yes HOST true")
            : DoctorFinding.Broken(check, seen, remedy);
    }
}
