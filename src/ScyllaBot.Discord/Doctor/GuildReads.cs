using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Doctor;

/// <summary>Reads of the REST API that only the doctor needs.</summary>
internal sealed class GuildReads(DiscordWire wire)
{
    /// <summary>GET /users/@me.</summary>
    public Task<JsonElement> MeAsync(CancellationToken ct) => ReadAsync("/users/@me", "/users/@me", "", ct);

    /// <summary>GET /guilds/{guild}: 403 or 404 where the bot is no member.</summary>
    public Task<JsonElement> GuildAsync(string guild, CancellationToken ct) => ReadAsync("/guilds/{guild}", $"/guilds/{guild}", guild, ct);

    /// <summary>GET /guilds/{guild}/members/{user}.</summary>
    public Task<JsonElement> MemberAsync(string guild, string user, CancellationToken ct) =>
        ReadAsync("/guilds/{guild}/members/user", $"/guilds/{guild}/members/{user}", guild, ct);

    /// <summary>GET /guilds/{guild}/channels: all but threads, also those that the bot can not see.</summary>
    public Task<JsonElement> ChannelsAsync(string guild, CancellationToken ct) => ReadAsync("/guilds/{guild}/channels", $"/guilds/{guild}/channels", guild, ct);

    /// <summary>GET the guild's commands; null when the bot was invited without them.</summary>
    public async Task<JsonElement?> CommandsAsync(string application, string guild, CancellationToken ct)
    {
        try
        {
            return await ReadAsync("/applications/app/guilds/{guild}/commands", $"/applications/{application}/guilds/{guild}/commands", guild, ct);
        }
        catch (DiscordException refused) when (refused.Failure == DiscordFailure.Forbidden)
        {
            return null;
        }
    }

    private async Task<JsonElement> ReadAsync(string template, string path, string major, CancellationToken ct) =>
        (await wire.SendAsync(new DiscordCall("GET", template, path, major), ct)) ?? default;
}
