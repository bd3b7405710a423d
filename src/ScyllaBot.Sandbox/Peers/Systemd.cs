using System.Net.Sockets;
using System.Text;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>sd_notify: a datagram to the socket that systemd names; where there is none it says nothing.</summary>
internal static class Systemd
{
    public static void Notify(string message)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        // @ stands for the zero byte of the abstract namespace.
        socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
    }
}
