using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ScyllaBot.Systemd;

/// <summary>How systemd is told that the bot is ready, lives and stops: datagrams to the socket that it names (<c>Type=notify</c>).</summary>
/// <param name="Path">As a socket's address: an abstract one begins with a NUL.</param>
/// <param name="Watchdog">Within which a sign of life is due; null: none is.</param>
internal sealed record NotifySocket(string Path, TimeSpan? Watchdog)
{
    private const string SocketName = "NOTIFY_SOCKET";
    private const string PeriodName = "WATCHDOG_USEC";
    private const string ProcessName = "WATCHDOG_PID";

    /// <param name="environment">Of the process.</param>
    /// <param name="process">Its id.</param>
    /// <returns>Null: nobody wants to hear.</returns>
    public static NotifySocket? Of(Func<string, string?> environment, int process)
    {
        if (environment(SocketName) is not { Length: > 1 } path || path[0] is not ('/' or '@'))
        {
            return null;
        }

        var isForUs = environment(ProcessName) is not { Length: > 0 } id || id == process.ToString(CultureInfo.InvariantCulture);
        var watchdog = isForUs && long.TryParse(environment(PeriodName), NumberStyles.None, CultureInfo.InvariantCulture, out var period) && period > 0
            ? TimeSpan.FromMicroseconds(period) : (TimeSpan?)null;
        return new NotifySocket(path[0] == '@' ? $"\0{path[1..]}" : path, watchdog);
    }

    /// <summary>This process's; what it starts does not inherit it.</summary>
    public static NotifySocket? Take()
    {
        var socket = Of(Environment.GetEnvironmentVariable, Environment.ProcessId);
        foreach (var name in new[] { SocketName, PeriodName, ProcessName })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        return socket;
    }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public void Send(string state)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(Path));
    }
}
