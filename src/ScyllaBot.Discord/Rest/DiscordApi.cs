namespace ScyllaBot.Discord.Rest;

/// <summary>The part of Discord's REST API this bot needs, in words. Source: developer docs of API v10.</summary>
internal sealed class DiscordApi(DiscordWire wire)
{
    private const int DayInMinutes = 1440;

    /// <summary>GET /gateway/bot: where to connect and how many sessions may still be started.</summary>
    public async Task<GatewayAddress> GatewayAsync(CancellationToken ct)
    {
        var answer = await ReadAsync("GET", "/gateway/bot", "/gateway/bot", "", null, ct);
        var limit = answer.Part("session_start_limit") ?? default;
        return new GatewayAddress(
            new Uri(answer.Text("url")),
            limit.Part("remaining") is null ? int.MaxValue : limit.Int("remaining"),
            TimeSpan.FromMilliseconds(Math.Max(0, limit.Int("reset_after"))));
    }

    /// <summary>GET /applications/@me.</summary>
    public async Task<string> ApplicationIdAsync(CancellationToken ct) =>
        (await ReadAsync("GET", "/applications/@me", "/applications/@me", "", null, ct)).Text("id");

    /// <summary>GET /users/@me: the user that this bot's messages are by. It need not be the application's id.</summary>
    public async Task<string> BotUserIdAsync(CancellationToken ct) =>
        (await ReadAsync("GET", "/users/@me", "/users/@me", "", null, ct)).Text("id");

    /// <summary>GET guild commands.</summary>
    public Task<JsonElement> CommandsAsync(string application, string guild, CancellationToken ct) =>
        ReadAsync("GET", "/applications/app/guilds/{guild}/commands", $"/applications/{application}/guilds/{guild}/commands", guild, null, ct);

    /// <summary>PUT guild commands: replaces the whole list.</summary>
    public Task PutCommandsAsync(string application, string guild, JsonArray commands, CancellationToken ct) =>
        ReadAsync(
            "PUT", "/applications/app/guilds/{guild}/commands", $"/applications/{application}/guilds/{guild}/commands", guild,
            commands, ct);

    public Task<JsonElement> RolesAsync(string guild, CancellationToken ct) =>
        ReadAsync("GET", "/guilds/{guild}/roles", $"/guilds/{guild}/roles", guild, null, ct);

    /// <returns>The message's id.</returns>
    public async Task<string> CreateMessageAsync(string channel, OutgoingMessage message, CancellationToken ct)
    {
        var call = new DiscordCall("POST", "/channels/{channel}/messages", $"/channels/{channel}/messages", channel)
        {
            Body = message.ToCreate(),
            IsRepeatable = message.Nonce is not null,
        };
        return ((await wire.SendAsync(call, ct)) ?? default).Text("id");
    }

    public Task EditMessageAsync(string channel, string message, OutgoingMessage edited, CancellationToken ct) =>
        ReadAsync("PATCH", "/channels/{channel}/messages/message", $"/channels/{channel}/messages/{message}", channel, edited.ToEdit(), ct);

    /// <summary>Newest first, at most 100.</summary>
    /// <param name="channel">Where.</param>
    /// <param name="before">Message id; empty = from the newest.</param>
    /// <param name="ct">Cancels.</param>
    public Task<JsonElement> MessagesAsync(string channel, string before, CancellationToken ct) =>
        ReadAsync(
            "GET", "/channels/{channel}/messages",
            $"/channels/{channel}/messages?limit=100{(before.Length > 0 ? $"&before={before}" : "")}", channel, null, ct);

    /// <summary>POST a thread on a message; its id is the message's.</summary>
    public async Task StartThreadAsync(string channel, string message, string name, CancellationToken ct)
    {
        var call = new DiscordCall("POST", "/channels/{channel}/messages/message/threads",
            $"/channels/{channel}/messages/{message}/threads", channel)
        {
            Body = new JsonObject { ["name"] = name, ["auto_archive_duration"] = DayInMinutes },

            // Twice gives 160004, which says that it is there.
            IsRepeatable = true,
        };
        await wire.SendAsync(call, ct);
    }

    public Task UnarchiveAsync(string thread, CancellationToken ct) =>
        ReadAsync("PATCH", "/channels/{channel}", $"/channels/{thread}", thread, new JsonObject { ["archived"] = false }, ct);

    /// <summary>The first answer to an interaction: in no bucket, within 2 s or never, and never repeated.</summary>
    public Task CallbackAsync(InteractionToken to, JsonObject answer, CancellationToken ct) => wire.SendAsync(
        new DiscordCall("POST", "/interactions/id/token/callback", $"/interactions/{to.Id}/{to.Token}/callback?with_response=false", to.Id)
        {
            Body = answer,
            Timeout = TimeSpan.FromSeconds(2),
            IsCallback = true,
            IsAnonymous = true,
        },
        ct);

    /// <summary>Edits the first answer (of a button: the message it is on). The token lives 15 minutes.</summary>
    public Task EditOriginalAsync(InteractionToken to, OutgoingMessage message, CancellationToken ct) => wire.SendAsync(
        new DiscordCall("PATCH", "/webhooks/app/token/messages/@original", $"/webhooks/{to.Application}/{to.Token}/messages/@original",
            to.Token)
        {
            Body = message.ToEdit(),
            IsAnonymous = true,
        },
        ct);

    public Task FollowUpAsync(InteractionToken to, OutgoingMessage message, CancellationToken ct) => wire.SendAsync(
        new DiscordCall("POST", "/webhooks/app/token", $"/webhooks/{to.Application}/{to.Token}", to.Token)
        {
            Body = message.ToCreate(),
            IsAnonymous = true,
        },
        ct);

    private async Task<JsonElement> ReadAsync(
        string method, string template, string path, string major, JsonNode? body, CancellationToken ct) =>
        (await wire.SendAsync(new DiscordCall(method, template, path, major) { Body = body }, ct)) ?? default;
}

/// <summary>What answers to one interaction are addressed with.</summary>
internal sealed record InteractionToken(string Application, string Id, string Token)
{
    public override string ToString() => $"interaction {Id}";
}

/// <param name="Url">Websocket address without the query.</param>
/// <param name="Remaining">Sessions that may still be started before the reset; at zero Discord takes the token away.</param>
/// <param name="ResetAfter">Until then.</param>
internal sealed record GatewayAddress(Uri Url, int Remaining, TimeSpan ResetAfter);
