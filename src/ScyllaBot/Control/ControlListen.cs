using System.Globalization;
using System.Net;

namespace ScyllaBot.Control;

/// <summary>Where the endpoint listens and whom it hears: the settings, checked before anything starts.</summary>
/// <param name="Socket">Null: none.</param>
/// <param name="Tcp">Null: none.</param>
/// <param name="Tokens">With <paramref name="Tcp"/> only.</param>
internal sealed record ControlListen(string? Socket, UnixFileMode Mode, IPEndPoint? Tcp, ControlTokens? Tokens, ControlUsers Users, string? Channel)
{
    /// <param name="settings">As configured.</param>
    /// <param name="state">Folder of the database.</param>
    /// <returns>Null: there is no endpoint.</returns>
    /// <exception cref="StartRefusedException">Something is wrong with the settings.</exception>
    public static ControlListen? Of(ControlSettings settings, string state)
    {
        if (!settings.Enabled)
        {
            return null;
        }

        if (settings.Socket is { Length: > 0 } && !PeerCredentials.AreSupported)
        {
            throw new StartRefusedException(
                "ScyllaBot:Control:Socket needs Linux: elsewhere ScyllaBot does not learn who asks on a socket. Use ScyllaBot:Control:Listen with a TokenFile.");
        }

        var socket = PeerCredentials.AreSupported ? ControlSocketFile.Checked(settings.SocketIn(state)) : null;
        var tcp = settings.Listen is { Length: > 0 } listen ? Loopback(listen) : null;
        if (tcp is not null && settings.TokenFile is not { Length: > 0 })
        {
            throw new StartRefusedException("ScyllaBot:Control:Listen needs ScyllaBot:Control:TokenFile: without a token everybody on this machine would be an operator.");
        }

        return socket is null && tcp is null ? null : new ControlListen(
            socket, (UnixFileMode)Convert.ToInt32(settings.SocketMode, 8), tcp, tcp is null ? null : ControlTokens.Read(settings.TokenFile!),
            ControlUsers.Of(settings, PeerCredentials.Self()), settings.Channel);
    }

    private static IPEndPoint Loopback(string text) => IPEndPoint.TryParse(text, out var endpoint) && IPAddress.IsLoopback(endpoint.Address) && text.Contains(':', StringComparison.Ordinal)
        ? endpoint
        : throw new StartRefusedException(string.Create(
            CultureInfo.InvariantCulture, $"ScyllaBot:Control:Listen is {text}: it must be a loopback address with a port, such as 127.0.0.1:7410. It is never open to the network."));
}
