using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ScyllaBot.Control;

/// <summary>Who asks: by the kernel's word on the socket, by their token on loopback.</summary>
internal static class ControlCaller
{
    private const string Scheme = "Bearer ";
    private static readonly object UserKey = new();

    /// <returns>Name of a user of this machine; null when nobody knows.</returns>
    public static string? UserOf(HttpContext context, ControlListen listen)
    {
        if (context.Connection.LocalIpAddress is not null)
        {
            var header = context.Request.Headers.Authorization.ToString();
            return header.StartsWith(Scheme, StringComparison.Ordinal) ? listen.Tokens?.UserOf(header[Scheme.Length..].Trim()) : null;
        }

        // Once for each connection: whoever made it keeps it.
        var items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is not null && items.TryGetValue(UserKey, out var known))
        {
            return (string?)known;
        }

        var user = context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? PeerCredentials.UserOf(socket) : null;
        if (items is not null)
        {
            items[UserKey] = user;
        }

        return user;
    }
}
