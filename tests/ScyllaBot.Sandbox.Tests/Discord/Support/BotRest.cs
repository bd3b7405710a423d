using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Tests.Discord.Support;

/// <summary>The smallest REST client of a bot.</summary>
internal sealed class BotRest : IDisposable
{
    private readonly HttpClient _http;

    public BotRest(string address)
    {
        _http = new HttpClient { BaseAddress = new Uri(address + "/api/v10/") };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("DiscordBot (https://scyllabot.test, 0.1)");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bot", "sandbox.token.1");
    }

    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    public Task<BotReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, content: null);

    public Task<BotReply> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, Json(body));

    public Task<BotReply> PatchAsync(string path, JsonNode body) => SendAsync(HttpMethod.Patch, path, Json(body));

    public Task<BotReply> PutAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Put, path, Json(body));

    public Task<BotReply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, content: null);

    public Task<BotReply> CallbackAsync(JsonObject interaction, int type, JsonObject? data = null, string query = "") =>
        PostAsync(
            $"interactions/{interaction["id"]}/{interaction["token"]}/callback{query}",
            new JsonObject { ["type"] = type, ["data"] = data?.DeepClone() }
        );

    public async Task<BotReply> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        return new BotReply((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), headers);
    }

    public void Dispose() => _http.Dispose();

    private static StringContent? Json(JsonNode? body) =>
        body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
}

/// <summary>What the API said.</summary>
internal sealed record BotReply(int Status, JsonNode? Body, IReadOnlyDictionary<string, string> Headers)
{
    public int Code => (int)Body!["code"]!;

    public string Id => (string)Body!["id"]!;

    public ulong Snowflake => ulong.Parse(Id);

    /// <summary>The code of the first form error at a path such as embeds.0.title, or null.</summary>
    public string? ErrorAt(string path) =>
        (string?)
            path.Split('.', StringSplitOptions.RemoveEmptyEntries)
                .Aggregate(Body?["errors"], (node, key) => node?[key])
                ?["_errors"]?[0]?["code"];
}
