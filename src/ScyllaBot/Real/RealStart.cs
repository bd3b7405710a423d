using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Discord;

namespace ScyllaBot.Real;

/// <summary>Real clusters by the inventory, a real guild by the configuration.</summary>
internal static class RealStart
{
    private const int LongestToken = 1024;

    /// <exception cref="StartRefusedException">Inventory, token or Discord's address are not fit to start with.</exception>
    public static BotWorld Open(HostArguments arguments, HostSettings settings, IConfiguration configuration, HttpClient http)
    {
        var path = Path.GetFullPath(settings.Inventory!);
        var book = new InventoryBook(InventoryFile.Read(path));
        var discord = configuration.GetSection("ScyllaBot:Discord");
        var token = TokenOf(discord);
        RefuseOpenWire(discord["ApiBase"]);
        var transports = RealTransports.Open(http);
        return new BotWorld
        {
            Inventory = book,
            Time = TimeProvider.System,
            Http = transports.Http,
            Commands = transports.Commands,
            NodeSide = transports.NodeSide,
            State = arguments.State ?? settings.State,
            IsSandbox = false,
            Owned = [transports],
            AddServices = services =>
            {
                services.AddHostedService(p => new InventoryFile(path, book, p.GetRequiredService<ILogger<InventoryFile>>()));
                services.AddDiscord(options =>
                {
                    discord.Bind(options);
                    options.Token = token;
                });
            },
        };
    }

    /// <exception cref="StartRefusedException">The token's file can not be read, or holds something else.</exception>
    internal static string TokenOf(IConfigurationSection discord)
    {
        if (discord["Token"] is { Length: > 0 } token)
        {
            return token;
        }

        var path = discord["TokenFile"]!;
        MisplacedSecret.Refuse("ScyllaBot:Discord:TokenFile", path);
        try
        {
            return BoundedText.Read(path, LongestToken)?.Trim() is { Length: > 0 } read
                ? read : throw new StartRefusedException($"The token file {path} must hold the token and nothing else.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The token file {path} can not be read: {unreadable.Message}");
        }
    }

    /// <summary>The token goes there with every call.</summary>
    /// <exception cref="StartRefusedException">The address is not https.</exception>
    internal static void RefuseOpenWire(string? address)
    {
        if (address is not null && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
        {
            throw new StartRefusedException($"ScyllaBot:Discord:ApiBase is {address}: the token would go over the network in clear text. Use https.");
        }
    }
}
