using System.Text.Json;
using ScyllaBot.Discord;

namespace ScyllaBot.Sandbox;

/// <summary>Who and what is in the sandbox's guild: the bot's Discord settings there.</summary>
internal static class SandboxWorld
{
    /// <summary>Fills the options from <c>GET /page-api/world</c>: channels and roles by name.</summary>
    public static async Task<Action<DiscordOptions>> ReadAsync(HttpClient http, SandboxAddress address, CancellationToken ct)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri(address.Page, "/page-api/world"), ct));
        var world = json.RootElement.Clone();
        var roles = Named(world, "roles");
        return options =>
        {
            options.ApiBase = address.DiscordApi;
            options.Token = address.Token;
            options.ApplicationId = world.GetProperty("application_id").GetString();
            options.GuildId = world.GetProperty("guild").GetProperty("id").GetString()!;
            options.IsSandbox = true;
            foreach (var (name, id) in Named(world, "channels"))
            {
                options.Channels[name] = id;
            }

            options.Roles["Read"] = [roles["reader"], roles["operator"], roles["approver"]];
            options.Roles["Operate"] = [roles["operator"]];
            options.Roles["Approve"] = [roles["approver"]];
            options.OnCallRole = roles["on-call"];
        };
    }

    private static Dictionary<string, string> Named(JsonElement world, string list) => world.GetProperty(list).EnumerateArray()
        // Text channels only: categories and threads are no place to post under a name.
        .Where(e => !e.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.Number || type.GetInt32() == 0)
        .DistinctBy(e => e.GetProperty("name").GetString(), StringComparer.Ordinal)
        .ToDictionary(e => e.GetProperty("name").GetString()!, e => e.GetProperty("id").GetString()!, StringComparer.Ordinal);
}
