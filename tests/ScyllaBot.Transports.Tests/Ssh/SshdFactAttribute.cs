namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>A fact about a real sshd: skipped, and saying so, where OpenSSH is not installed.</summary>
public sealed class SshdFactAttribute : FactAttribute
{
    public const string Server = "/usr/sbin/sshd";

    public SshdFactAttribute()
    {
        if (!File.Exists(Server) || !File.Exists("/usr/bin/ssh") || !File.Exists("/usr/bin/ssh-keygen"))
        {
            Skip = "OpenSSH (client and server) is not installed";
        }
    }
}
